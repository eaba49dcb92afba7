#pragma once

#include "ledger_rules.hpp"
#include "support/protocol/random_source.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

namespace troupe::test {

/// What happens to a ledger at random, as entries of those that went well.
class ledger_life {
public:
  explicit ledger_life(std::uint64_t seed) : random_{seed} {}

  std::vector<actors::ledger_entry> some(std::size_t count) {
    std::vector<actors::ledger_entry> all;
    while (all.size() < count) {
      now += std::chrono::seconds{random_.below(100)};
      actors::ledger_entry it{now, {}};
      if (last_ == 0 || random_.below(30) == 0)
        it.what = opening();
      else if (random_.below(2) == 0)
        it.what = actors::held_budget{{1, last_ + 1}, reserving()};
      else
        it.what = settling();
      ++last_;
      if (rules.apply(it))
        all.push_back(std::move(it));
    }
    return all;
  }

  actors::ledger_rules rules;
  protocol::instant now{
      std::chrono::sys_days{std::chrono::year{2026} / 11 / 16}};

private:
  std::string path() { return "t/" + std::string(1, "abc"[random_.below(3)]); }
  protocol::open_account opening() {
    protocol::open_account it;
    it.path = random_.coin() ? "t" : path();
    it.limit = {static_cast<std::int64_t>(500'000 + random_.below(500'000))};
    it.window = static_cast<protocol::budget_window>(random_.below(3));
    return it;
  }
  protocol::reserve_budget reserving() {
    protocol::reserve_budget it;
    it.account = path();
    it.amount = {static_cast<std::int64_t>(random_.below(900))};
    it.tokens = random_.below(100);
    if (random_.below(3) == 0)
      it.tags = {"tag:x"};
    it.lease = std::chrono::minutes{random_.below(2) * 10};
    return it;
  }
  protocol::settle_budget settling() {
    const auto which = last_ - std::min<std::uint64_t>(random_.below(9), last_);
    return {{1, which},
            static_cast<protocol::settlement>(random_.below(3)),
            {static_cast<std::int64_t>(random_.below(900))},
            random_.below(100)};
  }

  protocol::test::random_source random_;
  std::uint64_t last_ = 0;
};

/// All that can be asked of the accounts, in one text.
[[nodiscard]] inline std::string balances_of(const actors::ledger_rules& it,
                                             protocol::instant now) {
  std::string text;
  for (const auto& account : it.list({{}, {}, 1'000}, now).value().accounts)
    text += boost::json::serialize(protocol::to_json(account)) + "\n";
  return text;
}

} // namespace troupe::test
