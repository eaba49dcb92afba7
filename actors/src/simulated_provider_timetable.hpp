#pragma once

#include <troupe/protocol/id.hpp>
#include <troupe/protocol/time.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace troupe::actors {

/// When a call's pieces and its answer are due. Times count from any one epoch.
struct call_schedule {
  protocol::id scope;                     ///< None: nothing cancels it.
  std::vector<protocol::duration> pieces; ///< Rising; not after `answer`.
  protocol::duration answer{};
  std::optional<protocol::duration> deadline;
};

/// Something that is due.
struct call_event {
  enum class type : std::uint8_t { piece, answer, deadline };
  std::uint64_t call = 0;
  type what = type::answer;
  std::size_t piece = 0; ///< Which, from 0.

  bool operator==(const call_event&) const = default;
};

/// The open calls by what is due next: one entry a call, whatever it holds.
/// Not thread-safe.
class call_timetable {
public:
  /// `call` must not be open.
  void add(std::uint64_t call, call_schedule schedule);

  /// What is due by `now`, in order of time, then of calls. A call ends with
  /// its answer, or with its deadline when that comes first.
  [[nodiscard]] std::vector<call_event> take_due(protocol::duration now);

  /// Ends the calls under a scope and names them.
  [[nodiscard]] std::vector<std::uint64_t> cancel(const protocol::id& scope);

  /// When something is due next; none when nothing is open.
  [[nodiscard]] std::optional<protocol::duration> next() const;

  [[nodiscard]] std::size_t size() const noexcept { return open_.size(); }

private:
  struct entry {
    call_schedule schedule;
    std::size_t next_piece = 0;
  };
  using due = std::pair<protocol::duration, std::uint64_t>;

  static due due_of(std::uint64_t call, const entry& open);
  static call_event event_of(std::uint64_t call, const entry& open);
  void forget(std::uint64_t call, const protocol::id& scope);

  std::map<std::uint64_t, entry> open_;
  std::set<due> due_;
  std::set<std::pair<protocol::id, std::uint64_t>> by_scope_;
};

} // namespace troupe::actors
