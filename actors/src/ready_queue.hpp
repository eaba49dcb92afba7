#pragma once

#include <troupe/protocol/time.hpp>

#include <cstdint>
#include <optional>
#include <queue>
#include <tuple>
#include <vector>

namespace troupe::actors {

/// Tasks that may start, best first, and tasks that may start later. At most
/// one entry a task. Not thread-safe.
class ready_queue {
public:
  struct entry {
    std::uint32_t level = 0;   ///< Lower first (waves); 0 when eager.
    std::uint32_t urgency = 0; ///< Higher first.
    std::uint64_t path = 0;    ///< Longest chain behind it; higher first.
    std::uint32_t task = 0;    ///< Lower first.

    bool operator<(const entry& other) const noexcept {
      return std::tuple{other.level, urgency, path, other.task}
             < std::tuple{level, other.urgency, other.path, task};
    }
  };

  void push(const entry& it) { now_.push(it); }
  void push_at(protocol::instant when, const entry& it) {
    later_.push({when, it});
  }

  /// The best entry that may start at `now`, left where it is.
  [[nodiscard]] const entry* top(protocol::instant now);
  void pop() { now_.pop(); }

  /// When the next of the later ones may start; the epoch: none waits.
  [[nodiscard]] protocol::instant next_at() const;

  void clear();

private:
  struct delayed {
    protocol::instant when;
    entry it;
    bool operator<(const delayed& other) const noexcept {
      return std::tuple{other.when, other.it.task} < std::tuple{when, it.task};
    }
  };
  std::priority_queue<entry> now_;     // bounded by the mission's tasks
  std::priority_queue<delayed> later_; // bounded by the mission's tasks
};

} // namespace troupe::actors
