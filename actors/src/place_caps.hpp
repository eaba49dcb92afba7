#pragma once

#include "ready_queue.hpp"

#include <troupe/protocol/mission.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace troupe::actors {

/// How many tasks of one agent, or of one skill, are under way, and which wait
/// for that alone. Not thread-safe.
class place_caps {
public:
  /// `agents` by task.
  place_caps(const protocol::mission& mission,
             const std::vector<std::string>& agents);

  /// False: the task waits here now, until one of the same cap ends. Who waited
  /// behind it for another of its caps, which has room, comes into `woken`.
  [[nodiscard]] bool take_or_wait(const ready_queue::entry& it,
                                  std::vector<ready_queue::entry>& woken);
  /// Without regard to whether there is room: it was under way already.
  void take(std::size_t task);
  /// Gives its places back; who may try next.
  [[nodiscard]] std::vector<ready_queue::entry> release(std::size_t task);
  void clear_waiting();

private:
  struct cap {
    std::uint32_t most = 0;
    std::uint32_t used = 0;
    // bounded by the mission's tasks
    std::priority_queue<ready_queue::entry> waiting;
  };
  static void wake_one(cap& it, std::vector<ready_queue::entry>& woken);

  static constexpr std::uint32_t none = ~0U;
  using caps_of_task = std::array<std::uint32_t, 2>;

  std::vector<cap> caps_;
  std::vector<caps_of_task> by_task_; ///< Empty: there are no caps.
};

} // namespace troupe::actors
