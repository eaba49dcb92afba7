#include "bill_watch.hpp"

namespace troupe::testing::sim {

void bill_watch::see(const fact& it) {
  if (it.what != fact_kind::model_billed)
    return;
  for (auto end = it.name.find('/'); end != std::string::npos;) {
    end = it.name.find('/', end + 1);
    auto& sum = bills_[it.name.substr(0, end)];
    sum.amount += it.number;
    sum.over_reported += it.other;
  }
}

bool bill_watch::is_honest(const std::string& account) const {
  const auto found = bills_.find(account);
  return found == bills_.end() || found->second.over_reported == 0;
}

std::vector<std::string>
bill_watch::problems_in(const std::map<std::string, fact>& accounts) const {
  std::vector<std::string> found;
  if (accounts.empty())
    return found; // nobody has looked
  for (const auto& [path, sum] : bills_) {
    const auto account = accounts.find(path);
    const auto kept = account == accounts.end() ? 0 : account->second.number;
    if (sum.over_reported == 0 && kept < sum.amount)
      found.push_back("the ledger holds less than the "
                      + std::to_string(sum.amount) + " that " + path
                      + " was billed (B2, B4)");
  }
  return found;
}

} // namespace troupe::testing::sim
