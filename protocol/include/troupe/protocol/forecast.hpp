#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/money.hpp"
#include "troupe/protocol/time.hpp"

#include <optional>
#include <string>

namespace troupe::protocol {

/// Asks how an account's money will last. Answer: `budget_forecast`. Errors:
/// `invalid_request` for one that does not exist.
struct forecast_budget {
  std::string path;

  bool operator==(const forecast_budget&) const = default;
};
BOOST_DESCRIBE_STRUCT(forecast_budget, (), (path))

/// What an account will have spent if it goes on as in the time just past. The
/// interval holds 90 of 100 outcomes if spending has no more than the ups and
/// downs it had.
struct budget_forecast {
  std::string path;
  instant at;      ///< When it was made.
  duration span{}; ///< The time it is made from.
  money per_hour;  ///< Spent in that time, on average.
  money spent;     ///< In the window, so far; what is reserved as well.
  money limit = money::max();
  instant window_end{}; ///< Epoch: no end; then there are no estimates for it.
  money expected;       ///< At the window's end.
  money low;            ///< 5 of 100 outcomes are below.
  money high;           ///< 5 of 100 are above.
  /// When the money is spent, as expected and at the pace of `high`; null: not
  /// within the window, or, where it has no end, within a year.
  std::optional<instant> exhausted;
  std::optional<instant> exhausted_soonest;

  bool operator==(const budget_forecast&) const = default;
};
BOOST_DESCRIBE_STRUCT(budget_forecast, (),
                      (path, at, span, per_hour, spent, limit, window_end,
                       expected, low, high, exhausted, exhausted_soonest))
template <>
inline constexpr bool omits_defaults<budget_forecast> = true;

} // namespace troupe::protocol
