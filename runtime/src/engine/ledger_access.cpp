#include "engine/ledger_access.hpp"

#include "engine/ask_actor.hpp"

namespace troupe {

using protocol::result;

template <class Answer, class Question>
result<Answer> ledger_access::ask(Question what) {
  return ask_actor<Answer>(
      system_, manager_, "the budget manager is gone",
      protocol::request<Question>{std::move(head_), std::move(what)});
}

result<protocol::account_state> ledger_access::account(std::string path) {
  return ask<protocol::account_state>(
      protocol::describe_account{std::move(path)});
}

result<protocol::accounts_listed>
ledger_access::accounts(protocol::list_accounts which) {
  return ask<protocol::accounts_listed>(std::move(which));
}

result<protocol::budget_forecast> ledger_access::forecast(std::string path) {
  return ask<protocol::budget_forecast>(
      protocol::forecast_budget{std::move(path)});
}

result<protocol::account_state>
ledger_access::set_budget(protocol::open_account what) {
  return ask<protocol::account_state>(std::move(what));
}

result<protocol::account_state> ledger_access::go_on(const std::string& account,
                                                     protocol::money limit,
                                                     protocol::money spent) {
  ledger_access again{system_, manager_, head_};
  auto opened = set_budget({account, limit});
  if (!opened || limit == protocol::money::max() || opened->spent_ever >= spent)
    return opened;
  const auto elsewhere = spent - opened->spent_ever;
  return again.set_budget(
      {account, limit > elsewhere ? limit - elsewhere : protocol::money{}});
}

} // namespace troupe
