#pragma once

#include "living_children.hpp"
#include "supervisor_rules.hpp"
#include "troupe/actors/supervisor.hpp"

#include <string>

namespace troupe::actors {

// What a SUPERVISOR tells of its children.

[[nodiscard]] children_listed listing_of(const supervised_children& children,
                                         const living_children& living);

[[nodiscard]] supervisor_described
description_of(const std::string& name, const supervisor_rules& rules,
               const living_children& living, supervisor_rules::time_point now);

} // namespace troupe::actors
