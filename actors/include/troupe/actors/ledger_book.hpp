#pragma once

#include "troupe/actors/ledger_log.hpp"

#include <troupe/protocol/forecast.hpp>
#include <troupe/protocol/result.hpp>

#include <memory>
#include <string>
#include <vector>

namespace troupe::actors {

/// A kept ledger outside of any runtime: to be looked at, and to put right what
/// nobody knew. What was still reserved counts as unknown, as at the next
/// start; looking writes nothing. Not thread-safe.
class ledger_book {
public:
  /// Errors: those of the log; `malformed_message` when its entries contradict
  /// each other. Blocking: as long as it takes to read all entries.
  [[nodiscard]] static protocol::result<ledger_book>
  read(std::unique_ptr<ledger_log> log, protocol::instant now);

  ledger_book(ledger_book&&) noexcept;
  ledger_book& operator=(ledger_book&&) noexcept;
  ~ledger_book();

  /// Errors, here and below: `invalid_request` for what does not exist.
  [[nodiscard]] protocol::result<protocol::account_state>
  account(const std::string& path) const;
  [[nodiscard]] protocol::result<protocol::accounts_listed>
  accounts(const protocol::list_accounts& which) const;
  [[nodiscard]] protocol::result<protocol::budget_forecast>
  forecast(const std::string& path) const;

  /// Reservations of which nobody knows whether they were billed, the oldest
  /// first.
  [[nodiscard]] const std::vector<kept_reservation>& unknown() const;

  /// Says what became of an unknown one: `billed` or `released`. It is kept
  /// when this returns. Answers the state of its account. Errors:
  /// `invalid_request` for one that is not unknown, another outcome, or a
  /// negative amount; those of the log, then nothing has changed.
  protocol::result<protocol::account_state>
  put_right(const protocol::settle_budget& what);

private:
  struct content;
  explicit ledger_book(std::unique_ptr<content> self);
  std::unique_ptr<content> self_;
};

} // namespace troupe::actors
