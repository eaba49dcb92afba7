#include "ledger/shared_book.hpp"

#include <algorithm>

namespace troupe::cluster {

namespace {

/// The path of the account above; empty: there is none.
std::string above(const std::string& path) {
  const auto end = path.rfind('/');
  return end == std::string::npos ? std::string{} : path.substr(0, end);
}

bool is_counted(const protocol::open_account& it) {
  return it.calls_max != 0 || it.time_max > protocol::duration{};
}

} // namespace

shared_book::shared_book(std::vector<protocol::open_account> all) {
  for (auto& it : all) {
    auto path = it.path;
    all_.insert_or_assign(std::move(path), entry{std::move(it)});
  }
}

shared_book::entry* shared_book::find(const std::string& path) {
  const auto found = all_.find(path);
  return found == all_.end() ? nullptr : &found->second;
}

std::string shared_book::lowest(const std::string& path) const {
  auto it = path;
  while (!it.empty() && all_.count(it) == 0)
    it = above(it);
  return it;
}

std::optional<shared_accounts>
shared_book::of(const std::string& account,
                const std::vector<std::string>& tags) const {
  shared_accounts it{lowest(account), {}, false};
  for (const auto& tag : tags)
    if (auto path = lowest(tag); !path.empty())
      it.tags.push_back(std::move(path));
  std::sort(it.tags.begin(), it.tags.end());
  it.tags.erase(std::unique(it.tags.begin(), it.tags.end()), it.tags.end());
  if (it.account.empty() && it.tags.empty())
    return std::nullopt;
  if (it.account.empty()) {
    it.account = it.tags.front();
    it.tags.erase(it.tags.begin());
  }
  for (const auto& path : paths_of(it))
    it.is_one_by_one = it.is_one_by_one || is_counted(all_.at(path).what);
  return it;
}

std::vector<std::string>
shared_book::paths_of(const shared_accounts& which) const {
  std::vector<std::string> paths; // bounded by the levels of nine accounts
  const auto add = [&](std::string path) {
    for (; !path.empty(); path = above(path))
      if (all_.count(path) != 0)
        paths.push_back(path);
  };
  add(which.account);
  for (const auto& tag : which.tags)
    add(tag);
  return paths;
}

bool shared_book::are_agreed(const shared_accounts& which) const {
  const auto paths = paths_of(which);
  return std::all_of(paths.begin(), paths.end(), [this](const auto& path) {
    return all_.at(path).now == phase::agreed;
  });
}

std::vector<std::string> shared_book::unknown() const {
  std::vector<std::string> paths; // bounded by the configuration
  for (const auto& [path, it] : all_)
    if (it.now == phase::unknown)
      paths.push_back(path);
  return paths;
}

bool has_limits_of(const protocol::account_state& it,
                   const protocol::open_account& what) {
  return it.limit == what.limit && it.tokens_max == what.tokens_max
         && it.calls_max == what.calls_max && it.window == what.window
         && it.is_rolling == what.is_rolling && it.time_max == what.time_max
         && it.alarms == what.alarms && !it.is_closed;
}

bool could_bear(const protocol::account_state& it, const slice_sums& what) {
  return !it.is_frozen && !it.is_closed && it.spent + what.amount <= it.limit
         && (it.tokens_max == 0
             || it.tokens_used + what.tokens <= it.tokens_max)
         && (it.calls_max == 0 || it.calls_made < it.calls_max);
}

} // namespace troupe::cluster
