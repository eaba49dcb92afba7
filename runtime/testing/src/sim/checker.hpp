#pragma once

#include "fact.hpp"

#include <string>
#include <vector>

namespace troupe::testing::sim {

/// What a history breaks of what troupe promises; empty: nothing. Knows no more
/// than the history: it stands outside of what it checks.
[[nodiscard]] std::vector<std::string> broken_promises(const history& all);

} // namespace troupe::testing::sim
