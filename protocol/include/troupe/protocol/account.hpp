#pragma once

#include "troupe/protocol/budget.hpp"

namespace troupe::protocol {

/// Asks for one account. Answer: `account_state`. Errors: `invalid_request`
/// for one that does not exist.
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
  bool is_rolling = false;
  duration time_max{};  ///< 0: no limit.
  instant first_call{}; ///< Of the window; epoch: none yet.
  std::vector<std::uint32_t> alarms{};
  std::uint32_t alarms_told = 0; ///< Of them, in the window.
  bool is_closed = false;

  /// What may still be reserved; `money::max()` without a limit.
  [[nodiscard]] money left() const noexcept;
  bool operator==(const account_state&) const = default;
};
BOOST_DESCRIBE_STRUCT(account_state, (),
                      (path, limit, spent, reserved, unknown, overrun,
                       open_reservations, tokens_max, tokens_used,
                       tokens_reserved, calls_max, calls_made, window, since,
                       spent_ever, is_frozen, is_rolling, time_max, first_call,
                       alarms, alarms_told, is_closed))
template <>
inline constexpr bool omits_defaults<account_state> = true;

/// Says that no more calls are paid by an account and those below it, as when
/// their run has ended. What is reserved there may still be settled. The last
/// to be closed are remembered; when there are too many, the oldest are
/// forgotten, what was spent stays counted in those above. Opened again, it
/// goes on. Answer: `account_state`.
/// Errors: `invalid_request` for one that does not exist.
struct close_account {
  std::string path;

  bool operator==(const close_account&) const = default;
};
BOOST_DESCRIBE_STRUCT(close_account, (), (path))

/// Asks for the accounts below a path, in the order of their paths.
/// Answer: `accounts_listed`.
struct list_accounts {
  std::string path;              ///< And this one; empty: all.
  std::string after;             ///< Only those behind this path.
  std::uint32_t count_max = 100; ///< 1 to 1,000.

  bool operator==(const list_accounts&) const = default;
};
BOOST_DESCRIBE_STRUCT(list_accounts, (), (path, after, count_max))
template <>
inline constexpr bool omits_defaults<list_accounts> = true;

struct accounts_listed {
  std::vector<account_state> accounts;
  std::string next; ///< To go on after; empty: those were all.

  bool operator==(const accounts_listed&) const = default;
};
BOOST_DESCRIBE_STRUCT(accounts_listed, (), (accounts, next))
template <>
inline constexpr bool omits_defaults<accounts_listed> = true;

} // namespace troupe::protocol
