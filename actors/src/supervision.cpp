#include "troupe/actors/supervision.hpp"

#include <iterator>
#include <set>

namespace troupe::actors {

namespace {

void append(std::vector<std::string>& to, std::vector<std::string> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()),
            std::make_move_iterator(more.end()));
}

} // namespace

std::vector<std::string> problems_in(const supervision& how) {
  std::vector<std::string> found;
  if (how.intensity > intensity_max)
    found.push_back("intensity: at most " + std::to_string(intensity_max));
  if (how.period <= how.period.zero())
    found.emplace_back("period: must be positive");
  if (how.backoff.base < how.backoff.base.zero())
    found.emplace_back("backoff.base: must not be negative");
  if (how.backoff.cap < how.backoff.base)
    found.emplace_back("backoff.cap: must not be less than its base");
  if (how.backoff.cap > std::chrono::hours{24})
    found.emplace_back("backoff.cap: at most a day");
  return found;
}

std::vector<std::string> problems_in(const child_rule& child,
                                     auto_shutdown ends) {
  std::vector<std::string> found;
  const auto name = "child '" + child.id + "': ";
  if (child.id.empty())
    found.emplace_back("a child needs an id");
  if (child.shutdown < child.shutdown.zero())
    found.push_back(name + "shutdown must not be negative");
  if (child.is_significant && child.restart == restart_type::permanent)
    found.push_back(name + "a permanent child cannot be significant");
  if (child.is_significant && ends == auto_shutdown::never)
    found.push_back(name + "significant, but nothing ends the supervisor");
  return found;
}

std::vector<std::string> problems_in(const supervision& how,
                                     const std::vector<child_rule>& children) {
  auto found = problems_in(how);
  std::set<std::string> ids;
  for (const auto& child : children) {
    append(found, problems_in(child, how.ends));
    if (!ids.insert(child.id).second)
      found.push_back("two children are called '" + child.id + "'");
  }
  if (how.strategy == restart_strategy::dynamic && !children.empty())
    found.emplace_back("a dynamic supervisor begins without children");
  return found;
}

} // namespace troupe::actors
