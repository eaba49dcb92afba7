#pragma once

#include "ledger_account.hpp"

#include <troupe/protocol/forecast.hpp>

namespace troupe::actors {

/// How `account`'s money will last from `now` on, taking each step of time just
/// past for a draw from what steps to come may hold: a mean that is known as
/// well as so many draws tell it, and their own spread; normal, with Student's
/// t for few draws. With fewer than three steps there is nothing to tell: its
/// `span` is 0.
[[nodiscard]] protocol::budget_forecast
forecast_of(const ledger_account& account, protocol::instant now);

} // namespace troupe::actors
