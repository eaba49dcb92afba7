#pragma once

#include "support/actors/supervision_world.hpp"

namespace troupe::test {

/// A supervisor of the play that lives.
struct supervision_world::node {
  node(std::string called, const actors::supervisor_rules::settings& with)
      : name(std::move(called)), rules(with) {}

  std::string name;
  actors::supervisor_rules rules;
  std::map<std::string, planned_child> plans;
  std::string parent; ///< Empty: the top.
  actors::child_life as{};
  std::uint64_t number = 0;
  bool is_open = false;
  bool is_dynamic = false;

  [[nodiscard]] const planned_child& plan_of(std::uint64_t child) {
    return plans.at(rules.children().all().at(child).rule.id);
  }
};

} // namespace troupe::test
