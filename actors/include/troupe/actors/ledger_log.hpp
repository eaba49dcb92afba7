#pragma once

#include <troupe/protocol/budget.hpp>
#include <troupe/protocol/result.hpp>

#include <functional>
#include <span>
#include <variant>

namespace troupe::actors {

/// A reservation that was granted.
struct held_budget {
  protocol::id reservation;
  protocol::reserve_budget what;

  bool operator==(const held_budget&) const = default;
};

/// One change of the ledger.
struct ledger_entry {
  protocol::instant at;
  std::variant<protocol::open_account, held_budget, protocol::settle_budget>
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
};

} // namespace troupe::actors
