#pragma once

#include "deadline_table.hpp"
#include "supervisor_rules.hpp"
#include "troupe/actors/supervisor.hpp"

#include <optional>
#include <string>
#include <vector>

namespace troupe::actors {

/// One under this supervisor has started all its children.
struct child_opened {
  std::uint64_t incarnation = 0;
};

/// Something is due now, behind what is in the mailbox already.
struct supervisor_turn {};

using supervisor_impl =
    supervisor_actor::extend<caf::reacts_to<deadline_tick>,
                             caf::reacts_to<child_opened>,
                             caf::reacts_to<supervisor_turn>>;

/// A request about one child, by its id.
using supervisor_question = supervisor_commands (supervisor_rules::*)(
    const std::string&, std::uint64_t, supervisor_rules::time_point);

/// So many may ask for a list before there is one.
constexpr std::size_t early_max = 1'000;

// What a SUPERVISOR says, in the words of its rules and back.

[[nodiscard]] supervision supervision_of(const supervisor_config& config);

[[nodiscard]] supervisor_rules::settings
settings_of(const supervisor_config& config, caf::actor_clock::time_point now);

/// What a rule carries for its child.
struct child_code {
  child_start start;
  child_remark remark;
};

[[nodiscard]] child_rule rule_of(child_spec spec);
[[nodiscard]] std::vector<child_rule> rules_of(std::vector<child_spec> specs);

/// A supervisor that has given up has ended in good order: those above it
/// count its end by their own rules.
[[nodiscard]] child_end end_of(const caf::error& reason);

/// The same in a few words, for people.
[[nodiscard]] std::string text_of_end(const caf::error& reason);

/// Why a supervisor begins to end by itself; none: it does not.
[[nodiscard]] std::optional<protocol::error>
failure_of(const report_order& order);

/// Calls a start function; an exception becomes an error.
[[nodiscard]] child_birth give_birth(const child_start& code,
                                     caf::actor_system& system,
                                     std::uint64_t incarnation);

/// None when the request has been granted. `name` is the supervisor's.
[[nodiscard]] std::optional<protocol::error>
failure_in(const answer_order& answer, const std::string& name);

/// Why a supervisor ends. `failure` is of the last start, `asked` of whoever
/// wanted it to stop.
[[nodiscard]] caf::error reason_of(const end_order& order,
                                   const std::string& name,
                                   const protocol::error& failure,
                                   const caf::error& asked);

void log_report(const report_order& order, const std::string& name);

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::child_opened)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::supervisor_turn)
