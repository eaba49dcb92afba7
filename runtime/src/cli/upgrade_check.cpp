#include "upgrade_check.hpp"

#include <algorithm>

namespace troupe::cli {

std::vector<std::string> upgrade_problems(const std::vector<node_view>& nodes,
                                          const node_view& next) {
  std::vector<std::string> problems;
  const auto add = [&](const node_view& it, const std::string& what) {
    problems.push_back("node '" + it.name + "' " + what);
  };
  for (const auto& it : nodes) {
    if (it.state != "self" && it.state != "up") {
      add(it, "is " + it.state + ": nobody knows what it speaks now");
      continue;
    }
    if (it.schema / 256 != next.schema / 256)
      add(it, "reads messages of major version "
                  + std::to_string(it.schema / 256) + " only, not "
                  + std::to_string(next.schema / 256));
    if (std::min(it.link_max, next.link_max)
        < std::max(it.link_min, next.link_min))
      add(it, "speaks links " + std::to_string(it.link_min) + " to "
                  + std::to_string(it.link_max) + ", not "
                  + std::to_string(next.link_min) + " to "
                  + std::to_string(next.link_max));
  }
  return problems;
}

} // namespace troupe::cli
