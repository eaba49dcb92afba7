#pragma once

#include "report/tone.hpp"

#include <troupe/actors/ledger_log.hpp>
#include <troupe/protocol/forecast.hpp>

#include <string>
#include <vector>

/// What a ledger holds, in words for people.
namespace troupe::cli {

[[nodiscard]] std::string
accounts_table(const std::vector<protocol::account_state>& accounts,
               const report::page& on);

[[nodiscard]] std::string
account_text(const protocol::account_state& account,
             const protocol::budget_forecast& forecast);

[[nodiscard]] std::string
unknown_table(const std::vector<actors::kept_reservation>& reservations,
              const report::page& on);

[[nodiscard]] std::string
reconciled_text(const protocol::settle_budget& what,
                const protocol::account_state& account);

} // namespace troupe::cli
