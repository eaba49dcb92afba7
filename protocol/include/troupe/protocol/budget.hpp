#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"
#include "troupe/protocol/money.hpp"
#include "troupe/protocol/time.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe::protocol {

/// How long what is spent counts against a limit: for ever, or in a window of
/// the calendar in UTC, where days begin at midnight and weeks on Monday.
enum class budget_window : std::uint8_t { life, hour, day, week, month };
BOOST_DESCRIBE_ENUM(budget_window, life, hour, day, week, month)

/// Sets the limits of an account. Paths are a tree,
/// `tenant/mission/task/agent`; parents come into being without a limit of
/// their own. Repeated: the new limits count from then on; what is spent stays
/// spent, and a frozen account is thawed. Another window begins with what was
/// spent in the former one.
struct open_account {
  std::string path; ///< 1 to 8 names joined by '/'.
  money limit = money::max();
  std::uint64_t tokens_max = 0;               ///< In and out; 0: no limit.
  std::uint64_t calls_max = 0;                ///< 0: no limit.
  budget_window window = budget_window::life; ///< Of all limits.
  /// The window is the time just past, of its length (a month: 30 days), in 60
  /// steps, rather than the calendar's.
  bool is_rolling = false;
  /// From the first call of the window until no call may begin or go on, which
  /// is not for rolling windows; 0: no limit.
  duration time_max{};
  /// Percent of the money; each is told once a window when it is passed. At
  /// most 8, from 1 to 100.
  std::vector<std::uint32_t> alarms{};

  bool operator==(const open_account&) const = default;
};
BOOST_DESCRIBE_STRUCT(open_account, (),
                      (path, limit, tokens_max, calls_max, window, is_rolling,
                       time_max, alarms))
template <>
inline constexpr bool omits_defaults<open_account> = true;

/// Sets the worst case of one call aside in an account and all accounts above
/// it, in its tags' accounts as well, or in none. Where the ledger is kept in a
/// file, the answer comes when the reservation is on the disk.
/// Answer: `budget_reserved`. Errors: `budget_exhausted` names the first
/// account (from the top) that cannot cover it, and what it has left, or that
/// it is frozen.
struct reserve_budget {
  std::string account;
  money amount;             ///< The most that can be billed; not negative.
  std::uint64_t tokens = 0; ///< The most that can be used, in and out.
  /// Less money, or fewer tokens, are of use from here on; null: all or none.
  std::optional<money> amount_min{};
  std::uint64_t tokens_min = 0; ///< Only with `amount_min`.
  /// Accounts that bear the same: at most 8, as in `tag:nightly`.
  std::vector<std::string> tags{};
  /// After this nobody is expected to settle it: it then ends as `unknown`.
  /// 0: never.
  duration lease{};

  bool operator==(const reserve_budget&) const = default;
};
BOOST_DESCRIBE_STRUCT(reserve_budget, (),
                      (account, amount, tokens, amount_min, tokens_min, tags,
                       lease))
template <>
inline constexpr bool omits_defaults<reserve_budget> = true;

struct budget_reserved {
  id reservation;
  money
      amount{}; ///< What was set aside; less than asked only if that is of use.
  std::uint64_t tokens = 0;
  /// When the time of one of the accounts is up; epoch: no limit.
  instant until{};

  bool operator==(const budget_reserved&) const = default;
};
BOOST_DESCRIBE_STRUCT(budget_reserved, (), (reservation, amount, tokens, until))
template <>
inline constexpr bool omits_defaults<budget_reserved> = true;

/// What may be done when the money does not suffice, in the order named.
enum class shortage_step : std::uint8_t {
  shorter, ///< A shorter answer, which the model is told of.
  cheaper, ///< A model below the tier that was asked for.
  compact, ///< What was said before is cut down to what matters.
  wrap_up, ///< No more tools: the agent finishes with what it has.
  ask,     ///< After all others: it waits for more money, until its deadline.
};
BOOST_DESCRIBE_ENUM(shortage_step, shorter, cheaper, compact, wrap_up, ask)

/// How a reservation ended.
enum class settlement : std::uint8_t {
  billed,   ///< `actual` is what the provider's usage costs.
  released, ///< Nothing can have been billed.
  unknown,  ///< Nobody knows; the whole reservation stays spent.
};
BOOST_DESCRIBE_ENUM(settlement, billed, released, unknown)

/// Ends a reservation. Repeated for one reservation: no effect, same answer;
/// but one that ended as `unknown` is put right by what became known later.
/// A bill above what was reserved is taken in full and freezes the account:
/// who bills more than it was told to is not trusted with more.
/// Answer: `account_state` of the reservation's account.
/// Errors: `invalid_request` for a reservation that never was.
struct settle_budget {
  id reservation;
  settlement outcome = settlement::billed;
  money actual; ///< Only with `billed`; may exceed what was reserved.
  std::uint64_t tokens = 0; ///< That were used; only with `billed`.

  bool operator==(const settle_budget&) const = default;
};
BOOST_DESCRIBE_STRUCT(settle_budget, (), (reservation, outcome, actual, tokens))
template <>
inline constexpr bool omits_defaults<settle_budget> = true;

} // namespace troupe::protocol
