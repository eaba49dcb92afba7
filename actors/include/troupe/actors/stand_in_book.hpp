#pragma once

#include "troupe/actors/agent.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace troupe::actors {

/// Who stands for agents that several nodes have, and passes each task on to
/// one of them. Thread safety: any thread.
class stand_in_book {
public:
  void set(const protocol::agent_card& card, const agent_actor& who) {
    const std::lock_guard lock{mutex_};
    by_name_.insert_or_assign(card.name, entry{card, who});
  }

  void remove(const std::string& name) {
    const std::lock_guard lock{mutex_};
    by_name_.erase(name);
  }

  void clear() {
    const std::lock_guard lock{mutex_};
    by_name_.clear();
  }

  /// Null: nobody does.
  [[nodiscard]] agent_actor find(const std::string& name) const {
    const std::lock_guard lock{mutex_};
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? agent_actor{} : found->second.who;
  }

  /// Of the agents that somebody stands for.
  [[nodiscard]] std::vector<protocol::agent_card> cards() const {
    const std::lock_guard lock{mutex_};
    std::vector<protocol::agent_card> all;
    for (const auto& [name, it] : by_name_)
      all.push_back(it.card);
    return all;
  }

private:
  struct entry {
    protocol::agent_card card;
    agent_actor who;
  };

  mutable std::mutex mutex_;
  std::map<std::string, entry> by_name_; // bounded by limits.agents
};

} // namespace troupe::actors
