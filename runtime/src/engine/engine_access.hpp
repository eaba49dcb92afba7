#pragma once

#include "engine/engine.hpp"

#include <algorithm>

namespace troupe {

/// The parts of an engine that a cluster's node stands on.
struct engine_access {
  [[nodiscard]] static const role_handles& roles_of(const engine& it) {
    return it.roles_;
  }
  [[nodiscard]] static const actors::wall_clock& clock_of(const engine& it) {
    return it.clock_;
  }
  [[nodiscard]] static protocol::id next_id(engine& it) {
    return it.new_header().message;
  }
  /// Null: runs are not kept.
  [[nodiscard]] static const actors::journal_actor&
  journal_of(const engine& it) {
    return it.journal_;
  }
  /// It is not started again. What it has under way is cancelled, and has five
  /// seconds to end. Errors: `unknown_agent`. Blocking: until it has ended.
  static protocol::result<void> stop_agent(engine& it, const std::string& name);
  /// Leaves all runs to whoever goes on with them, and waits until they have
  /// ended here. Blocking: at most 15 s.
  static void leave_runs(engine& it) {
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::seconds{15};
    std::vector<std::shared_ptr<mission_run::shared_state>> open;
    {
      const std::lock_guard lock{it.mutex_};
      open = it.runs_;
    }
    for (const auto& run : open)
      run->leave();
    for (const auto& run : open)
      (void)run->channel->wait(
          std::chrono::duration_cast<std::chrono::milliseconds>(
              std::max(end - std::chrono::steady_clock::now(),
                       std::chrono::steady_clock::duration::zero())));
  }
  /// Runs that have not ended.
  [[nodiscard]] static std::size_t open_runs(const engine& it) {
    const std::lock_guard lock{it.mutex_};
    return static_cast<std::size_t>(
        std::count_if(it.runs_.begin(), it.runs_.end(), [](const auto& run) {
          return !run->channel->is_finished();
        }));
  }
};

} // namespace troupe
