#pragma once

#include "yaml/mapping.hpp"

#include <troupe/protocol/budget.hpp>

#include <vector>

namespace troupe::config {

/// Reads `budgets`: accounts by path, each with its limits.
void read_budgets(yaml::mapping& top,
                  std::vector<protocol::open_account>& budgets);

} // namespace troupe::config
