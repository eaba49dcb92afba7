#pragma once

#include "spending_history.hpp"

#include <troupe/protocol/account.hpp>

#include <memory>
#include <string>
#include <vector>

namespace troupe::actors {

/// What a reservation has set aside.
struct held_amounts {
  protocol::money amount;
  std::uint64_t tokens = 0;
};

/// What became of it.
struct call_bill {
  protocol::money amount;
  std::uint64_t tokens = 0;
  protocol::settlement outcome = protocol::settlement::billed;
};

/// Of a settlement: the whole amount when the outcome is unknown, nothing when
/// it was released.
[[nodiscard]] call_bill bill_of(const protocol::settle_budget& what,
                                const held_amounts& held) noexcept;

/// An alarm of an account that has just been passed.
struct passed_alarm {
  protocol::account_state account;
  std::uint32_t percent = 0;
};

/// What a settlement has done.
struct settled_budget {
  protocol::account_state account;
  bool is_new = false; ///< False for a repetition.
  bool froze = false;  ///< It has frozen the account.
  std::vector<passed_alarm> alarms{};
};

/// One account of the ledger, without those above it. `roll` comes before
/// everything that takes a time. Not thread-safe.
class ledger_account {
public:
  explicit ledger_account(std::string path) { state_.path = std::move(path); }
  ledger_account(const ledger_account& other);
  ledger_account(ledger_account&&) noexcept = default;
  ledger_account& operator=(const ledger_account&) = delete;
  ledger_account& operator=(ledger_account&&) noexcept = default;
  ~ledger_account() = default;

  /// What counts now: a new window forgets what was spent in the last.
  void roll(protocol::instant now);
  void open(const protocol::open_account& what, protocol::instant now);
  void close() noexcept { state_.is_closed = true; }

  /// Why it cannot bear at least `least` now; empty: it can.
  [[nodiscard]] std::string why_not(const held_amounts& least,
                                    protocol::instant now) const;
  [[nodiscard]] std::uint64_t tokens_left() const noexcept;
  /// When its time is up; `instant::max()`: never.
  [[nodiscard]] protocol::instant until() const noexcept;

  void hold(const held_amounts& what, protocol::instant now);
  void settle(const held_amounts& held, const call_bill& bill,
              protocol::instant now);
  /// What was settled as unknown at `at` has become known.
  void put_right(const held_amounts& held, const call_bill& bill,
                 protocol::instant at);
  void freeze() noexcept { state_.is_frozen = true; }

  /// The next alarm that has been passed and not been told; 0: none.
  [[nodiscard]] std::uint32_t take_alarm() noexcept;

  /// As it stands, and so again.
  [[nodiscard]] kept_account kept() const;
  explicit ledger_account(kept_account as);

  [[nodiscard]] const protocol::account_state& state() const noexcept {
    return state_;
  }
  /// Null: nothing was spent since it was opened, or it never was.
  [[nodiscard]] const spending_history* history() const noexcept {
    return history_.get();
  }

private:
  void spend(const spent_sums& what) noexcept;
  void make_history(protocol::duration step);
  void make_history();
  [[nodiscard]] bool has_passed(std::uint32_t percent) const noexcept;

  protocol::account_state state_;
  bool was_opened_ = false;
  std::unique_ptr<spending_history> history_;
};

} // namespace troupe::actors
