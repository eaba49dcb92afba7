#pragma once

#include <troupe/protocol/account.hpp>
#include <troupe/protocol/result.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <variant>
#include <vector>

namespace troupe::actors {

/// A reservation that was granted.
struct held_budget {
  protocol::id reservation;
  protocol::reserve_budget what;

  bool operator==(const held_budget&) const = default;
};

/// What was spent in one step of time.
struct kept_step {
  std::int64_t number = 0; ///< Of steps since the epoch.
  protocol::money spent;
  protocol::money unknown;
  std::int64_t tokens = 0;
  std::int64_t calls = 0;

  bool operator==(const kept_step&) const = default;
};
BOOST_DESCRIBE_STRUCT(kept_step, (), (number, spent, unknown, tokens, calls))

/// An account as it stands, in place of the entries that made it so.
struct kept_account {
  protocol::account_state state;
  bool was_opened = false;
  protocol::duration step{}; ///< 0: nothing is known of when it was spent.
  protocol::instant first{}; ///< From when on `steps` are known.
  std::vector<kept_step> steps;

  bool operator==(const kept_account&) const = default;
};
BOOST_DESCRIBE_STRUCT(kept_account, (), (state, was_opened, step, first, steps))

enum class kept_kind : std::uint8_t { unknown, settled };
BOOST_DESCRIBE_ENUM(kept_kind, unknown, settled)

/// A reservation that may be heard of again: it has ended, or is open yet.
struct kept_reservation {
  protocol::id reservation;
  kept_kind kind = kept_kind::settled; ///< An unknown one may be both.
  protocol::reserve_budget what;       ///< With `settled`: its account only.
  protocol::instant at{}; ///< When it became unknown; epoch: it is open.

  bool operator==(const kept_reservation&) const = default;
};
BOOST_DESCRIBE_STRUCT(kept_reservation, (), (reservation, kind, what, at))

/// One change of the ledger, or a part of how it stands.
struct ledger_entry {
  protocol::instant at;
  std::variant<protocol::open_account, held_budget, protocol::settle_budget,
               protocol::close_account, kept_account, kept_reservation>
      what;

  bool operator==(const ledger_entry&) const = default;
};

/// Where the ledger's entries are kept for good. Used by one thread at a time,
/// which it may block for as long as a disk takes.
class ledger_log {
public:
  ledger_log() = default;
  ledger_log(const ledger_log&) = delete;
  ledger_log& operator=(const ledger_log&) = delete;
  virtual ~ledger_log() = default;

  /// Tells all entries in the order in which they were appended; an error of
  /// `each` ends it and is returned.
  [[nodiscard]] virtual protocol::result<void>
  read(const std::function<protocol::result<void>(const ledger_entry&)>&
           each) = 0;

  /// All of them are kept when this returns, whatever happens to the machine;
  /// with an error, none.
  [[nodiscard]] virtual protocol::result<void>
  append(std::span<const ledger_entry> entries) = 0;

  /// Puts them in place of all entries before; with an error, nothing changes.
  [[nodiscard]] virtual protocol::result<void>
  replace(std::span<const ledger_entry> entries) = 0;
};

} // namespace troupe::actors
