#pragma once

#include "commit_log.hpp"
#include "state_table.hpp"

#include <deque>
#include <optional>
#include <unordered_map>
#include <variant>

namespace troupe::actors {

/// Who waits for a read.
struct state_reader {
  std::uint64_t ticket = 0; ///< Names the read in its answer.
  std::uint64_t asker = 0;  ///< The same for all reads and writes of a sender.
  protocol::instant deadline{};
  protocol::id scope{};
  std::size_t bytes = 0; ///< Of the request.
};

/// Reads that may take long.
using state_question =
    std::variant<protocol::list_state, protocol::read_state_history>;

struct state_read_answer {
  std::uint64_t ticket = 0;
  protocol::result<
      std::variant<protocol::state_listed, protocol::state_history>>
      outcome;
};

/// Reads that wait to be worked on, first come first served, bounded in count
/// and bytes. Each shows the state as it was when it was asked for. When that
/// is forgotten before its turn, it shows the present state, unless its asker
/// has written meanwhile: its own later write must not show, so it is refused.
/// Not thread-safe; `table` and `log` must outlive it.
class state_reads {
public:
  state_reads(const state_limits& limits, const state_table& table,
              const commit_log& log)
      : limits_(limits), table_(table), log_(log) {}

  /// Errors: `overloaded`.
  protocol::result<void> add(const state_reader& who, state_question what);

  /// The last commit is a write of `asker`.
  void see_write(std::uint64_t asker);

  /// Answers what waits under `scope` with `cancelled`.
  void cancel(protocol::id scope, const std::string& reason);

  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }

  /// Works on the first, of which there must be one: until it is answered or
  /// the allowance is spent.
  void step(protocol::instant now, work_allowance& allowance);

  /// The answers since the last call, in order. Empties them.
  [[nodiscard]] std::vector<state_read_answer> take_answers() {
    return std::exchange(answers_, {});
  }

private:
  struct read {
    state_reader who;
    state_question what;
    std::uint64_t revision = 0; ///< That it shows.
    bool is_late = false;       ///< Its first revision is forgotten.
    /// Once it is worked on.
    std::optional<std::variant<state_page, state_past>> work{};
  };
  struct sender {
    std::size_t reads = 0;
    std::uint64_t wrote = 0; ///< The revision of its last write.
  };
  using outcome = decltype(state_read_answer::outcome);

  [[nodiscard]] bool renew(read& it) const;
  void begin(read& it) const;
  [[nodiscard]] bool work_on(read& it, work_allowance& allowance) const;
  [[nodiscard]] static outcome answer_of(read& it);
  void end(const state_reader& who, outcome how);
  void end_first(outcome how);

  state_limits limits_;
  const state_table& table_;
  const commit_log& log_;
  std::deque<read> waiting_; // bounded by limits_.reads
  std::size_t bytes_ = 0;    ///< Of these.
  std::unordered_map<std::uint64_t, sender> senders_; ///< That have reads here.
  std::vector<state_read_answer> answers_;
};

} // namespace troupe::actors
