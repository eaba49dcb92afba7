#include "forecast_rules.hpp"

#include "budget_windows.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::actors {

using protocol::duration;
using protocol::instant;
using protocol::money;

namespace {

constexpr std::size_t steps_needed = 3;
constexpr auto farthest = std::chrono::days{365};

/// The mean and the spread of what one step spends.
struct pace {
  double mean = 0;
  double variance = 0; ///< Of one step.
  double count = 0;    ///< Of steps.
  double quantile = 0; ///< 95 of 100 are below the mean and so many spreads.

  /// What `steps` more will spend, in 95 of 100 cases at most.
  [[nodiscard]] double high(double steps) const {
    return mean * steps + margin(steps);
  }
  [[nodiscard]] double margin(double steps) const {
    return quantile
           * std::sqrt(variance * steps + variance * steps * steps / count);
  }
};

/// Student's t of 95 %, by its expansion in 1/n about the normal's (Abramowitz
/// and Stegun, 26.7.5).
double student(double degrees) {
  constexpr double z = 1.6448536269514722;
  const auto z3 = z * z * z;
  const auto z5 = z3 * z * z;
  return z + (z3 + z) / (4 * degrees)
         + (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees * degrees);
}

pace pace_of(const std::vector<money>& steps) {
  pace it;
  it.count = static_cast<double>(steps.size());
  for (const auto one : steps)
    it.mean += static_cast<double>(one.nano_usd) / it.count;
  for (const auto one : steps) {
    const auto off = static_cast<double>(one.nano_usd) - it.mean;
    it.variance += off * off / (it.count - 1);
  }
  it.quantile = student(it.count - 1);
  return it;
}

money as_money(double nano_usd) {
  constexpr double most = 9.2e18;
  return {static_cast<std::int64_t>(std::clamp(nano_usd, 0.0, most))};
}

/// The least number of steps, up to `most`, after which `spends` of them
/// reaches `left`; above `most`: none.
template <class Spends>
double steps_until(double left, double most, Spends spends) {
  if (spends(most) < left)
    return 2 * most + 1;
  double low = 0;
  auto high = most;
  for (int i = 0; i < 60; ++i) {
    const auto middle = (low + high) / 2;
    (spends(middle) < left ? low : high) = middle;
  }
  return high;
}

} // namespace

protocol::budget_forecast forecast_of(const ledger_account& account,
                                      instant now) {
  const auto& state = account.state();
  protocol::budget_forecast told;
  told.path = state.path;
  told.at = now;
  told.limit = state.limit;
  told.spent = state.spent + state.reserved;
  told.expected = told.low = told.high = told.spent;
  const bool has_end =
      state.window != protocol::budget_window::life && !state.is_rolling;
  const auto end = has_end ? end_of(state.window, now) : now + farthest;
  if (has_end)
    told.window_end = end;
  if (account.history() == nullptr)
    return told;
  const auto steps = account.history()->whole_steps(now);
  if (steps.size() < steps_needed)
    return told;
  const auto step = account.history()->step();
  const auto seen = pace_of(steps);
  told.span = step * static_cast<std::int64_t>(steps.size());
  told.per_hour = as_money(
      seen.mean * static_cast<double>(duration{std::chrono::hours{1}}.count())
      / static_cast<double>(step.count()));
  const auto ahead = static_cast<double>((end - now).count())
                     / static_cast<double>(step.count());
  if (has_end) {
    told.expected = told.spent + as_money(seen.mean * ahead);
    told.low = told.spent + as_money(seen.mean * ahead - seen.margin(ahead));
    told.high = told.spent + as_money(seen.high(ahead));
  }
  if (state.limit == money::max())
    return told;
  const auto left = static_cast<double>(state.left().nano_usd);
  const auto when = [&](auto spends) -> std::optional<instant> {
    const auto count = steps_until(left, ahead, spends);
    if (count > ahead)
      return std::nullopt;
    return now
           + duration{static_cast<std::int64_t>(
               count * static_cast<double>(step.count()))};
  };
  told.exhausted = when([&](double n) { return seen.mean * n; });
  told.exhausted_soonest = when([&](double n) { return seen.high(n); });
  return told;
}

} // namespace troupe::actors
