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
