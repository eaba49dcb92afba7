#pragma once

#include <troupe/actors/model_agent.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace troupe {

/// The tools of a runtime, for the code of agents, whose threads may outlive
/// it. Thread safety: any thread.
class tool_book {
public:
  void set(const actors::tool& it) {
    const std::lock_guard lock{mutex_};
    tools_.insert_or_assign(it.spec.name, it);
  }

  [[nodiscard]] std::optional<actors::tool>
  find(const std::string& name) const {
    const std::lock_guard lock{mutex_};
    const auto found = tools_.find(name);
    if (found == tools_.end())
      return std::nullopt;
    return found->second;
  }

  void clear() {
    const std::lock_guard lock{mutex_};
    tools_.clear();
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, actors::tool> tools_;
};

} // namespace troupe
