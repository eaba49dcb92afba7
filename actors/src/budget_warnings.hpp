#pragma once

#include "ledger_account.hpp"
#include "troupe/actors/log.hpp"

#include <functional>

namespace troupe::actors {

/// Tells the log what a settlement has done that people should know, and
/// `on_alarm`, unless it is null, of each alarm.
inline void warn_of(const settled_budget& it,
                    const std::function<void(const protocol::account_state&,
                                             std::uint32_t)>& on_alarm) {
  if (it.froze)
    log(log_level::warn, "budget", "frozen",
        "account=" + it.account.path
            + " overrun_usd=" + to_text(it.account.overrun));
  for (const auto& alarm : it.alarms) {
    log(log_level::warn, "budget", "alarm",
        "account=" + alarm.account.path
            + " percent=" + std::to_string(alarm.percent)
            + " spent_usd=" + to_text(alarm.account.spent)
            + " limit_usd=" + to_text(alarm.account.limit));
    if (on_alarm)
      on_alarm(alarm.account, alarm.percent);
  }
}

} // namespace troupe::actors
