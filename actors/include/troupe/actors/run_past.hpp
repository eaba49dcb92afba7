#pragma once

#include <troupe/protocol/journal.hpp>

#include <optional>
#include <vector>

namespace troupe::actors {

/// What the entries of a run tell of it.
struct run_past {
  protocol::run_planned plan;
  protocol::run_report report; ///< As it stood behind the last entry.
  std::vector<protocol::run_event> events;
  bool is_closed = false;
};

/// Does again, in thought, what a run has done: no agent is asked.
/// Errors: `journal_damaged` for entries that contradict each other.
/// Pure. Cost: linear in the entries and the tasks.
[[nodiscard]] protocol::result<run_past>
read_past(protocol::id run, const std::vector<protocol::journal_entry>& past);

/// Decides again what a run has decided, with the answers that it had, and
/// compares the entries. Answers the sequence of the first that is another now,
/// as after a change of troupe's rules; 0: all are the same. No model and no
/// tool is called. Errors: as `read_past`. Pure.
[[nodiscard]] protocol::result<std::uint64_t>
replay_run(protocol::id run, const std::vector<protocol::journal_entry>& past);

/// Somebody's yes or no to a task of a run that is not under way.
struct decision {
  std::string task;
  bool is_yes = false;
  std::string by;
  std::string note;
};

/// What a run has cost; nothing: as its attempts tell.
struct past_cost {
  std::optional<protocol::money> all{};
  protocol::money unknown{}; ///< Of it.
};

/// The entries that a decision adds; to be appended by the caller.
/// Errors: as `read_past`, and as `run_rules::decide`. Pure.
[[nodiscard]] protocol::result<std::vector<protocol::journal_entry>>
decide_past(protocol::id run, const std::vector<protocol::journal_entry>& past,
            const decision& what, protocol::instant now);

/// The entries that end a run which is not under way, as `cancelled`; `cost` is
/// what the ledger has of it, of which `unknown` is unknown. To be appended by
/// the caller. Errors: as `read_past`; `unknown_run` when it has ended. Pure.
[[nodiscard]] protocol::result<std::vector<protocol::journal_entry>>
cancel_past(protocol::id run, const std::vector<protocol::journal_entry>& past,
            const protocol::error& why, const past_cost& cost,
            protocol::instant now);

} // namespace troupe::actors
