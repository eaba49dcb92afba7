#pragma once

#include "support/actors/supervision_world.hpp"

#include <string>

namespace troupe::test {

/// Short ways to say what plays in a `supervision_world`.
inline planned_child
worker(const std::string& id,
       actors::restart_type restart = actors::restart_type::permanent) {
  planned_child it;
  it.rule.id = id;
  it.rule.restart = restart;
  it.rule.shutdown = std::chrono::milliseconds{1'000};
  return it;
}

inline planned_child significant(const std::string& id,
                                 actors::restart_type restart) {
  auto it = worker(id, restart);
  it.rule.is_significant = true;
  return it;
}

/// A worker whose starts from `first` to `last` fail.
inline planned_child
failing(const std::string& id, int first, int last,
        actors::restart_type restart = actors::restart_type::permanent) {
  auto it = worker(id, restart);
  for (int i = first; i <= last; ++i)
    it.failing.insert(i);
  return it;
}

/// A worker that does not want its first start.
inline planned_child
ignoring(const std::string& id,
         actors::restart_type restart = actors::restart_type::permanent) {
  auto it = worker(id, restart);
  it.ignoring = {1};
  return it;
}

/// With a period of an hour, so that all restarts count.
inline planned_supervisor plan(actors::restart_strategy strategy,
                               std::uint32_t intensity,
                               std::vector<planned_child> children = {}) {
  planned_supervisor it;
  it.how.strategy = strategy;
  it.how.intensity = intensity;
  it.how.period = std::chrono::hours{1};
  it.children = std::move(children);
  return it;
}

inline planned_child
nested(const std::string& id, planned_supervisor what,
       actors::restart_type restart = actors::restart_type::permanent) {
  auto it = worker(id, restart);
  it.rule.kind = actors::child_kind::supervisor;
  it.rule.shutdown = actors::no_stop_limit;
  it.nested = std::make_shared<planned_supervisor>(std::move(what));
  return it;
}

} // namespace troupe::test
