#pragma once

#include "health_rules.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace troupe::test {

/// Agents of one skill, and what became of their tasks.
struct ward {
  explicit ward(std::size_t agents = 2,
                const actors::health_limits& limits = {})
      : rules(limits), count(agents) {}

  std::vector<protocol::health_step> advance() {
    auto made = rules.advance(now, [this](const std::string&) {
      return std::vector<actors::skill_count>{{"paint", count}};
    });
    steps.insert(steps.end(), made.begin(), made.end());
    return made;
  }

  /// A task that took so long.
  void task(const std::string& agent,
            std::optional<protocol::errc> failure = {},
            protocol::duration took = std::chrono::milliseconds{10},
            bool called_models = false) {
    rules.begun(agent, now);
    actors::agent_outcome how;
    how.begun = now;
    how.failure = failure;
    how.called_models = called_models;
    if (failure)
      how.work = {++works, 1};
    now += took;
    rules.ended(agent, how, now);
    advance();
  }

  void tasks(const std::string& agent, int how_many,
             std::optional<protocol::errc> failure = {},
             protocol::duration took = std::chrono::milliseconds{10}) {
    for (int i = 0; i < how_many; ++i)
      task(agent, failure, took);
  }

  void wait(protocol::duration time) {
    now += time;
    advance();
  }

  /// Its supervisor has started it again.
  void start(const std::string& agent) {
    rules.started(agent, now);
    advance();
  }

  [[nodiscard]] std::string path() const {
    std::string all;
    for (const auto& it : steps)
      all += (all.empty() ? "" : " ") + std::string(enum_name(it.to));
    return all;
  }

  actors::health_rules rules;
  std::size_t count;
  protocol::instant now{std::chrono::hours{1}};
  std::uint64_t works = 0;
  std::vector<protocol::health_step> steps;
};

} // namespace troupe::test
