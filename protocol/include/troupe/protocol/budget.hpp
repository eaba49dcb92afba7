#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"
#include "troupe/protocol/money.hpp"
#include "troupe/protocol/time.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>

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
  budget_window window = budget_window::life; ///< Of all three.

  bool operator==(const open_account&) const = default;
};
BOOST_DESCRIBE_STRUCT(open_account, (),
                      (path, limit, tokens_max, calls_max, window))
template <>
inline constexpr bool omits_defaults<open_account> = true;

/// Sets the worst case of one call aside in an account and all accounts above
/// it, or in none. Where the ledger is kept in a file, the answer comes when
/// the reservation is on the disk. Answer: `budget_reserved`. Errors:
/// `budget_exhausted` names the first account (from the top) that cannot cover
/// it, and what it has left, or that it is frozen.
struct reserve_budget {
  std::string account;
  money amount;             ///< The most that can be billed; not negative.
  std::uint64_t tokens = 0; ///< The most that can be used, in and out.

  bool operator==(const reserve_budget&) const = default;
};
BOOST_DESCRIBE_STRUCT(reserve_budget, (), (account, amount, tokens))
template <>
inline constexpr bool omits_defaults<reserve_budget> = true;

struct budget_reserved {
  id reservation;

  bool operator==(const budget_reserved&) const = default;
};
BOOST_DESCRIBE_STRUCT(budget_reserved, (), (reservation))

/// How a reservation ended.
enum class settlement : std::uint8_t {
  billed,   ///< `actual` is what the provider's usage costs.
  released, ///< Nothing can have been billed.
  unknown,  ///< Nobody knows; the whole reservation stays spent.
};
BOOST_DESCRIBE_ENUM(settlement, billed, released, unknown)

/// Ends a reservation. Repeated for one reservation: no effect, same answer.
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

struct describe_account {
  std::string path;

  bool operator==(const describe_account&) const = default;
};
BOOST_DESCRIBE_STRUCT(describe_account, (), (path))

/// What an account holds. In its window, `spent + reserved <= limit`, and so
/// for tokens and calls, unless a provider billed more than it had been told to
/// (`overrun`). Reservations stay open over the end of a window and count for
/// the next.
struct account_state {
  std::string path;
  money limit = money::max();
  money spent; ///< In the window.
  money reserved;
  money unknown; ///< The part of `spent` whose outcome nobody knows.
  money overrun; ///< Billed beyond what was reserved, summed up for ever.
  std::uint64_t open_reservations = 0;
  std::uint64_t tokens_max = 0; ///< 0: no limit.
  std::uint64_t tokens_used = 0;
  std::uint64_t tokens_reserved = 0;
  std::uint64_t calls_max = 0;  ///< 0: no limit.
  std::uint64_t calls_made = 0; ///< Without those that are open.
  budget_window window = budget_window::life;
  instant since{};        ///< When the window began; epoch: for ever.
  money spent_ever;       ///< In all windows together.
  bool is_frozen = false; ///< After an overrun, until it is opened again.

  /// What may still be reserved; `money::max()` without a limit.
  [[nodiscard]] money left() const noexcept;
  bool operator==(const account_state&) const = default;
};
BOOST_DESCRIBE_STRUCT(account_state, (),
                      (path, limit, spent, reserved, unknown, overrun,
                       open_reservations, tokens_max, tokens_used,
                       tokens_reserved, calls_max, calls_made, window, since,
                       spent_ever, is_frozen))
template <>
inline constexpr bool omits_defaults<account_state> = true;

} // namespace troupe::protocol
