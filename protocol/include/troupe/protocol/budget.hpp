#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"
#include "troupe/protocol/money.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>

namespace troupe::protocol {

/// Sets the limit of an account. Paths are a tree, `tenant/mission/task/agent`;
/// parents come into being without a limit of their own.
/// Repeated: the new limit counts from then on; what is spent stays spent.
struct open_account {
  std::string path; ///< 1 to 8 names joined by '/'.
  money limit = money::max();

  bool operator==(const open_account&) const = default;
};
BOOST_DESCRIBE_STRUCT(open_account, (), (path, limit))

/// Sets money aside in an account and all accounts above it, or in none.
/// Answer: `budget_reserved`. Errors: `budget_exhausted` names the first
/// account (from the top) that cannot cover `amount`, and what it has left.
struct reserve_budget {
  std::string account;
  money amount; ///< The most that can be billed; not negative.

  bool operator==(const reserve_budget&) const = default;
};
BOOST_DESCRIBE_STRUCT(reserve_budget, (), (account, amount))

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
/// Answer: `account_state` of the reservation's account.
/// Errors: `invalid_request` for a reservation that never was.
struct settle_budget {
  id reservation;
  settlement outcome = settlement::billed;
  money actual; ///< Only with `billed`; may exceed what was reserved.

  bool operator==(const settle_budget&) const = default;
};
BOOST_DESCRIBE_STRUCT(settle_budget, (), (reservation, outcome, actual))

struct describe_account {
  std::string path;

  bool operator==(const describe_account&) const = default;
};
BOOST_DESCRIBE_STRUCT(describe_account, (), (path))

/// What an account holds. `spent + reserved <= limit`, unless a provider
/// billed more than it had been told to (`overrun`).
struct account_state {
  std::string path;
  money limit = money::max();
  money spent;
  money reserved;
  money unknown; ///< The part of `spent` whose outcome nobody knows.
  money overrun; ///< Billed beyond what was reserved, summed up.
  std::uint64_t open_reservations = 0;

  /// What may still be reserved; `money::max()` without a limit.
  [[nodiscard]] money left() const noexcept;
  bool operator==(const account_state&) const = default;
};
BOOST_DESCRIBE_STRUCT(account_state, (),
                      (path, limit, spent, reserved, unknown, overrun,
                       open_reservations))

} // namespace troupe::protocol
