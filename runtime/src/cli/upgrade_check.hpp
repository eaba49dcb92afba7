#pragma once

#include <troupe/runtime/node_view.hpp>

#include <string>
#include <vector>

namespace troupe::cli {

/// Why nodes of one release cannot join a cluster, a line each; empty: they can
/// be put in one by one. `next` is of the release to come. Pure.
[[nodiscard]] std::vector<std::string>
upgrade_problems(const std::vector<node_view>& nodes, const node_view& next);

} // namespace troupe::cli
