#include "group_account.hpp"

#include <algorithm>

namespace troupe::actors {

std::string account_below(const std::string& whole, std::string name) {
  std::replace(name.begin(), name.end(), '/', ':'); // '/' parts accounts
  return whole + "/" + name;
}

std::string group_account(const std::string& run,
                          std::span<const protocol::task_group> groups,
                          std::string_view name) {
  auto account = run;
  for (auto end = name.find('/'); end != std::string_view::npos;
       end = name.find('/', end + 1)) {
    const auto around = name.substr(0, end);
    if (std::any_of(groups.begin(), groups.end(),
                    [&](const auto& it) { return it.name == around; }))
      account = account_below(account, std::string{around});
  }
  return account_below(account, std::string{name});
}

} // namespace troupe::actors
