#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/clock.hpp"
#include "troupe/actors/mailbox.hpp"

#include <troupe/protocol/mission.hpp>

#include <caf/typed_actor.hpp>

#include <functional>
#include <memory>
#include <stop_token>

namespace troupe::actors {

/// AGENT: performs tasks, whatever stands behind it.
using agent_actor = caf::typed_actor<
    // Does one task. Answers at the latest when the header's deadline passes or
    // its cancel scope is cancelled. While it works it may send the requester
    // (a `delta_sink_actor`) the text that is arriving.
    caf::replies_to<protocol::request<protocol::perform_task>>::with<
        protocol::response<protocol::task_result>>,
    // Ends the tasks under a scope, down to sockets; they answer `cancelled`.
    caf::reacts_to<protocol::coordination<protocol::cancel>>,
    // What somebody tells all agents of a kind; an agent may ignore it.
    caf::reacts_to<protocol::notification<protocol::announcement>>>;

/// The code behind a function agent.
using task_code = std::function<protocol::result<protocol::task_result>(
    const protocol::request<protocol::perform_task>&, std::stop_token)>;

/// What an agent does when something is announced. Must return within a
/// millisecond and must not throw.
using announcement_code = std::function<void(const protocol::announcement&)>;

struct function_agent_config {
  std::string name;
  task_code code;
  /// Called on a shared worker; for a blocking agent also while its code runs.
  /// None: announcements are ignored.
  announcement_code on_announcement{};
  /// False: runs on a shared worker and must return within a millisecond.
  /// True: runs on a thread of its own; a cancel stops its token.
  bool is_blocking = false;
  std::size_t waiting_max = 256; ///< Tasks; beyond it `overloaded`.
  wall_clock clock;
  std::uint64_t seed = 0;
};

/// An agent backed by C++ code, called for one task at a time.
[[nodiscard]] agent_actor
spawn_function_agent(caf::actor_system& system, function_agent_config config,
                     const mailbox_limits& mailbox = {});

} // namespace troupe::actors
