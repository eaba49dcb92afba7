#pragma once

#include "troupe/actors/ledger_log.hpp"

#include <troupe/protocol/budget.hpp>
#include <troupe/protocol/result.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// The ledger of the BUDGET MANAGER: a tree of accounts in whole
/// nano-dollars. For every account, at every instant, what is spent in its
/// window and reserved stays within its limits, however many ask at once; only
/// a provider that bills more than it was told to can pass them, and that
/// freezes the account. Only what changes something is an entry; the same
/// entries in the same order give the same balances. `now` never goes back: an
/// earlier one counts as the latest. Not thread-safe.
class ledger_rules {
public:
  struct limits {
    std::size_t accounts_max = 1'000'000;
    std::size_t open_reservations_max = 1'000'000;
    std::size_t settled_remembered = 65'536; ///< For repeated settlements.
  };

  ledger_rules() : ledger_rules(limits{}) {}
  explicit ledger_rules(limits bounds) : limits_(bounds) {}

  /// Errors: `invalid_request` (a bad path, a negative limit),
  /// `limit_exceeded` (too many accounts).
  protocol::result<protocol::account_state>
  open(const protocol::open_account& what, protocol::instant now);

  /// Takes what is asked for from the account and all above it, or from none.
  /// Errors: `invalid_request`, `budget_exhausted`, `limit_exceeded`.
  protocol::result<void> reserve(const protocol::reserve_budget& what,
                                 protocol::id reservation,
                                 protocol::instant now);

  struct settled {
    protocol::account_state account;
    bool is_new = false; ///< False for a repetition.
    bool froze = false;  ///< It has frozen the account.
  };

  /// Errors: `invalid_request` for a reservation that never was, or one so long
  /// settled that it is forgotten.
  protocol::result<settled> settle(const protocol::settle_budget& what,
                                   protocol::instant now);

  /// Does again what an entry tells. Errors: those of the functions above; then
  /// the entries are not of one ledger.
  protocol::result<void> apply(const ledger_entry& it);

  /// Errors: `invalid_request` for an account that does not exist.
  [[nodiscard]] protocol::result<protocol::account_state>
  describe(std::string_view path, protocol::instant now) const;

  /// In no order.
  [[nodiscard]] std::vector<protocol::id> open_reservations() const;

private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct account {
    std::uint32_t parent = none;
    protocol::account_state state;
  };
  struct hold {
    std::uint32_t account;
    protocol::money amount;
    std::uint64_t tokens;
  };

  protocol::result<std::uint32_t> find_or_add(const std::string& path);
  std::uint32_t add(std::string path, std::uint32_t parent);
  void remember(protocol::id reservation, std::uint32_t owner);
  void pass_to(protocol::instant now);

  limits limits_;
  protocol::instant now_{};
  std::vector<account> accounts_;
  std::unordered_map<std::string, std::uint32_t> by_path_;
  std::unordered_map<protocol::id, hold> open_;
  std::unordered_map<protocol::id, std::uint32_t> settled_;
  std::deque<protocol::id> settled_order_; // bounded by settled_remembered
};

} // namespace troupe::actors
