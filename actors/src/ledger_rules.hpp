#pragma once

#include "ledger_account.hpp"
#include "troupe/actors/ledger_log.hpp"

#include <troupe/protocol/forecast.hpp>
#include <troupe/protocol/result.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
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
    std::size_t unknown_remembered = 65'536; ///< To be put right.
    std::size_t closed_remembered = 10'000;  ///< With those below them.
  };

  ledger_rules() : ledger_rules(limits{}) {}
  explicit ledger_rules(limits bounds) : limits_(bounds) {}
  /// The time that counts now: the one to be written into entries.
  protocol::instant pass_to(protocol::instant now) {
    return now_ = std::max(now_, now);
  }

  /// Errors: `invalid_request` (a bad path, a negative limit, a window that
  /// cannot roll, bad alarms), `limit_exceeded` (too many accounts).
  protocol::result<protocol::account_state>
  open(const protocol::open_account& what, protocol::instant now);

  /// Takes what is asked for, or what is left of it if that is of use, from the
  /// account, its tags and all above them, or from none.
  /// Errors: `invalid_request`, `budget_exhausted`, `limit_exceeded`.
  protocol::result<protocol::budget_reserved>
  reserve(const protocol::reserve_budget& what, protocol::id reservation,
          protocol::instant now);

  using settled = settled_budget;
  /// Errors: `invalid_request` for a reservation that never was, or one so long
  /// settled that it is forgotten.
  protocol::result<settled> settle(const protocol::settle_budget& what,
                                   protocol::instant now);

  /// Errors, here and below: `invalid_request` for what does not exist.
  protocol::result<protocol::account_state>
  close(const protocol::close_account& what, protocol::instant now);

  /// Does again what an entry tells. Errors: those of the functions above; then
  /// the entries are not of one ledger.
  protocol::result<void> apply(const ledger_entry& it);

  [[nodiscard]] protocol::result<protocol::account_state>
  describe(std::string_view path, protocol::instant now) const;
  [[nodiscard]] protocol::result<protocol::budget_forecast>
  forecast(std::string_view path, protocol::instant now) const;

  [[nodiscard]] protocol::result<protocol::accounts_listed>
  list(const protocol::list_accounts& what, protocol::instant now) const;

  /// Entries that make it as it stands, with what is reserved.
  [[nodiscard]] std::vector<ledger_entry> snapshot() const;
  /// In no order; those without a lease, or all.
  [[nodiscard]] std::vector<protocol::id>
  open_reservations(bool also_leased = true) const;
  /// What was granted, while it is open.
  [[nodiscard]] std::optional<protocol::budget_reserved>
  granted(protocol::id reservation) const;

  /// Those whose lease has passed, the earliest first, at most `most`.
  [[nodiscard]] std::vector<protocol::id> expired(protocol::instant now,
                                                  std::size_t most) const;
  /// When the next lease passes; `instant::max()`: none.
  [[nodiscard]] protocol::instant next_expiry() const;

private:
  using index = std::uint32_t;
  static constexpr index none = UINT32_MAX;
  struct node {
    ledger_account account;
    index parent = none;
    std::uint32_t times = 0; ///< That its place was taken by another.
    std::uint32_t children = 0;
    std::uint32_t unknown = 0; ///< Reservations that may be put right.
  };
  struct hold {
    index account;
    held_amounts what;
    std::vector<index> tags;
    protocol::instant until; ///< Of its lease; or when it became unknown.
  };
  struct place {
    index account;
    std::uint32_t times;
  };

  protocol::result<index> find_or_add(const std::string& path);
  index add(std::string path, index parent);
  [[nodiscard]] const ledger_account* find(std::string_view path) const;
  protocol::result<hold> hold_for(const protocol::reserve_budget& what);
  /// `first`: when its accounts were first called, if that was not before.
  protocol::budget_reserved grant(protocol::id, hold, protocol::instant first);
  template <class Each> // of all that it takes from, each once
  void each_level(const hold& held, Each each);
  [[nodiscard]] std::vector<index> levels_of(const hold& held) const;
  settled put_right(const protocol::settle_budget& what, hold held);
  void remember(protocol::id reservation, index owner);
  void keep_unknown(protocol::id reservation, hold held);
  void change_unknown(const hold& it, bool is_more);
  /// False: something there is still open or unknown.
  bool forget_below(const std::string& path);
  bool forget(index which);
  protocol::result<void> put_back(const kept_account& it);
  protocol::result<void> put_back(const kept_reservation& it);

  limits limits_;
  protocol::instant now_{};
  std::vector<node> accounts_;
  std::vector<index> free_;
  std::unordered_map<std::string, index> by_path_;
  std::set<std::string_view> paths_; ///< Of `by_path_`'s keys, in order.
  std::unordered_map<protocol::id, hold> open_;
  std::set<std::pair<protocol::instant, protocol::id>> leases_;
  std::unordered_map<protocol::id, place> settled_;
  std::deque<protocol::id> settled_order_; // bounded by settled_remembered
  std::unordered_map<protocol::id, hold> unknown_;
  std::deque<protocol::id> unknown_order_; // bounded by unknown_remembered
  std::deque<std::string> closed_;         // bounded by closed_remembered
};

} // namespace troupe::actors
