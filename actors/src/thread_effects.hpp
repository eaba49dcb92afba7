#pragma once

#include "agent_thread.hpp"
#include "own_effects.hpp"

namespace troupe::actors {

/// What the code on the thread of a blocking agent does outside during one
/// task: kept before it is done and after, where its run is. Blocks that
/// thread, and is used by it alone.
class thread_effects {
public:
  thread_effects(caf::actor_system& system, const thread_ground& on,
                 const work_item& item)
      : system_(system), on_(on), item_(item) {}

  /// As `task_link::effect`.
  [[nodiscard]] protocol::result<std::string> effect(const effect_wish& what,
                                                     const effect_code& code);
  /// As `task_link::use_tool`.
  [[nodiscard]] protocol::result<std::string>
  use_tool(const std::string& name, const std::string& arguments);

private:
  /// It is kept that it begins; `done` tells what it gave before.
  [[nodiscard]] protocol::result<effect_begun> begin(const effect_wish& what);
  [[nodiscard]] protocol::result<void> end(const std::string& key,
                                           const protocol::tool_result& what);
  [[nodiscard]] protocol::result<protocol::tool_result>
  call(const tool& which, const std::string& arguments, const std::string& key);
  [[nodiscard]] bool is_kept() const {
    return on_.journal && item_.message.head.conversation;
  }
  [[nodiscard]] caf::timespan tool_patience() const;

  caf::actor_system& system_;
  const thread_ground& on_;
  const work_item& item_;
  own_effects made_;
};

} // namespace troupe::actors
