#include "troupe/actors/incarnation_book.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

protocol::error outdated(const std::string& name) {
  return fail(errc::outdated_incarnation,
              "'" + name + "' has been started again since");
}

} // namespace

result<void> incarnation_book::begin(const std::string& name,
                                     std::uint64_t incarnation) {
  const std::lock_guard lock{mutex_};
  auto& latest = latest_[name];
  if (incarnation < latest)
    return outdated(name);
  if (incarnation == latest)
    return {};
  const auto [from, to] = by_age_.equal_range(latest);
  const auto old =
      std::find_if(from, to, [&](const auto& it) { return it.second == name; });
  if (old != to)
    by_age_.erase(old);
  latest = incarnation;
  by_age_.emplace(incarnation, name);
  if (by_age_.size() > names_max_) {
    latest_.erase(by_age_.begin()->second);
    by_age_.erase(by_age_.begin());
  }
  return {};
}

result<void> incarnation_book::check(const std::string& name,
                                     std::uint64_t incarnation) const {
  const std::lock_guard lock{mutex_};
  const auto known = latest_.find(name);
  if (known != latest_.end() && incarnation < known->second)
    return outdated(name);
  return {};
}

} // namespace troupe::actors
