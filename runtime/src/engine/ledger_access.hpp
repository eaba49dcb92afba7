#pragma once

#include <troupe/actors/budget_manager.hpp>

namespace troupe {

/// Asks the budget manager on behalf of a thread outside the actors. Each
/// function blocks for a few milliseconds, at most 10 s; `unreachable` when
/// there is no manager. For one question.
class ledger_access {
public:
  ledger_access(caf::actor_system& system, actors::budget_actor manager,
                protocol::header head)
      : system_{system}, manager_{std::move(manager)}, head_{std::move(head)} {}

  [[nodiscard]] protocol::result<protocol::account_state>
  account(std::string path);
  [[nodiscard]] protocol::result<protocol::accounts_listed>
  accounts(protocol::list_accounts which);
  [[nodiscard]] protocol::result<protocol::budget_forecast>
  forecast(std::string path);
  [[nodiscard]] protocol::result<protocol::account_state>
  set_budget(protocol::open_account what);
  /// Opens the account of a run that has cost so much: what this ledger does
  /// not know of it, since it was paid from another, is taken off the limit.
  [[nodiscard]] protocol::result<protocol::account_state>
  go_on(const std::string& account, protocol::money limit,
        protocol::money spent);

private:
  template <class Answer, class Question>
  protocol::result<Answer> ask(Question what);

  caf::actor_system& system_;
  actors::budget_actor manager_;
  protocol::header head_;
};

} // namespace troupe
