#include "tree_watch.hpp"

#include <algorithm>
#include <array>

namespace troupe::testing::sim {

namespace {

constexpr std::string_view kill = "kill_";
/// Docs: the root allows three restarts within five seconds.
constexpr std::size_t restarts_max = 3;
constexpr std::chrono::seconds period{5};

bool is_irreplaceable(std::string_view id) {
  static constexpr std::array<std::string_view, 3> all{"runs", "tools",
                                                       "budget-manager"};
  return std::find(all.begin(), all.end(), id) != all.end();
}

} // namespace

bool tree_watch::may_end() const {
  if (is_irreplaceable_dead_)
    return true;
  for (std::size_t i = restarts_max; i < kills_.size(); ++i)
    if (kills_[i] - kills_[i - restarts_max] <= period)
      return true;
  return false;
}

std::optional<std::string> tree_watch::see(const fact& it) {
  if (it.what == fact_kind::life_began) {
    is_irreplaceable_dead_ = false;
    kills_.clear();
  } else if (it.what == fact_kind::fault
             && std::string_view{it.name}.starts_with(kill)) {
    is_irreplaceable_dead_ =
        is_irreplaceable_dead_ || is_irreplaceable(it.name.substr(kill.size()));
    kills_.push_back(it.at);
  } else if (it.what == fact_kind::tree_ended && !may_end()) {
    return "a tree has ended though it had restarts left (S4)";
  }
  return std::nullopt;
}

} // namespace troupe::testing::sim
