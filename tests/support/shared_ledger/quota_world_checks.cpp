// What a world of slices must be like.
#include "support/shared_ledger/quota_world.hpp"

namespace troupe::test {

using cluster::shared_accounts;
using protocol::money;

namespace {

bool bears(const shared_accounts& which, const std::string& account) {
  if (which.account == account || which.account.starts_with(account + "/"))
    return true;
  return std::find(which.tags.begin(), which.tags.end(), account)
         != which.tags.end();
}

} // namespace

const std::vector<shared_accounts>& quota_world::kinds() {
  static const std::vector<shared_accounts> all{{"t", {}, false},
                                                {"t/a", {}, false},
                                                {"t", {"tag:x"}, false},
                                                {"t", {"tag:n"}, true}};
  return all;
}

bool quota_world::heal() {
  is_cut = false;
  for (auto& it : nodes_)
    it.is_cut = false;
  for (int i = 0; i < 10 * 60 * 6; ++i) {
    step(true);
    bool is_busy = false;
    for (auto& it : nodes_)
      is_busy = is_busy || it.rules.is_busy() || !it.calls.empty();
    if (!is_busy && ledger.open_reservations().empty())
      return true;
  }
  return false;
}

money quota_world::spent(const std::string& account) const {
  money sum;
  for (const auto& [which, amount] : spent_)
    if (bears(kinds()[which], account))
      sum += amount;
  return sum;
}

std::string quota_world::problem() {
  for (const auto& path : {"t", "t/a", "tag:x", "tag:n"}) {
    const auto state = account(path);
    auto most = spent(path);
    for (const auto& it : nodes_)
      for (const auto& [number, call] : it.calls)
        if (bears(kinds()[call.which], path))
          most += call.amount;
    const std::string where{path};
    if (most > state.limit)
      return where + ": calls spend more than the limit";
    if (state.spent + state.reserved > state.limit)
      return where + ": the ledger gives more than the limit";
    if (most > state.spent + state.reserved)
      return where + ": the ledger counts less than is spent";
    if (state.overrun != money{} || state.is_frozen)
      return where + ": a slice was overrun";
    if (state.calls_max != 0
        && state.calls_made + state.open_reservations > state.calls_max)
      return where + ": too many calls";
  }
  return {};
}

} // namespace troupe::test
