#include "troupe/actors/budget_manager.hpp"

#include "deadline_table.hpp"
#include "ledger_writer.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/log.hpp"
#include "troupe/actors/status.hpp"

#include <caf/all.hpp>

#include <functional>
#include <optional>
#include <utility>

namespace troupe::actors {

namespace {

using namespace protocol;

/// A run opens an account for each of its tasks at once.
constexpr mailbox_limits ledger_mailbox{1'000'000, 1ULL << 30};

/// Entries that wait for the disk; requests beyond it are `overloaded`.
constexpr std::size_t waiting_max = 100'000;

/// Leases that pass are ended so many at a time.
constexpr std::size_t expired_max = 1'000;

using manager_impl = budget_actor::extend<caf::reacts_to<batch_kept>,
                                          caf::reacts_to<deadline_tick>>;

class budget_manager : public actor_base<manager_impl>, public tells_status {
public:
  budget_manager(caf::actor_config& cfg, budget_manager_config config)
      : actor_base(cfg, config.clock, ledger_mailbox), clock_(config.clock),
        ids_(config.seed), kept_(std::move(config.ledger)),
        on_alarm_(std::move(config.on_alarm)) {
    if (kept_)
      ledger_ = std::move(kept_->rules);
  }

  const char* name() const override { return "budget-manager"; }

  behavior_type make_behavior() override {
    if (kept_)
      writer_ = spawn_ledger_writer(home_system(), kept_, address());
    return {
        [this](const ask<open_account>& msg) { return open(msg); },
        [this](const ask<reserve_budget>& msg) { return reserve(msg); },
        [this](const ask<settle_budget>& msg) { return settle(msg); },
        [this](const ask<close_account>& msg) { return close(msg); },
        [this](const ask<describe_account>& msg) {
          return tell(msg.head, ledger_.describe(msg.body.path, now()));
        },
        [this](const ask<list_accounts>& msg) {
          return tell(msg.head, ledger_.list(msg.body, now()));
        },
        [this](const ask<forecast_budget>& msg) {
          return tell(msg.head, ledger_.forecast(msg.body.path, now()));
        },
        [this](batch_kept& it) { end_batch(it); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void tell_status(part_status& to) const override {
    add_figure(to, "entries_waiting", entries_.size());
    if (const auto no = why_not())
      not_ready(to, no->detail);
  }

  void on_exit() override {
    table_.close();
    if (!writer_)
      return;
    if (!entries_.empty())
      caf::anon_send(writer_, ledger_batch{std::exchange(entries_, {})});
    caf::anon_send(writer_, end_of_batches{});
    const auto why = fail(errc::unreachable, "the budget manager has ended");
    for (auto* all : {&on_the_way_, &waiting_})
      for (auto& tell : std::exchange(*all, {}))
        tell(why);
    writer_ = nullptr;
  }

private:
  template <class Body>
  using ask = protocol::request<Body>;
  using listener = std::function<void(const result<void>&)>;

  instant now() { return clock_.at(clock().now()); }
  protocol::id next_id() { return ids_.next(now()); }

  /// Why nothing can be promised now.
  [[nodiscard]] std::optional<error> why_not() const {
    if (failure_)
      return failure_;
    if (entries_.size() >= waiting_max)
      return fail(errc::overloaded, "too many entries wait for the disk");
    return std::nullopt;
  }

  caf::result<protocol::response<account_state>>
  open(const protocol::request<open_account>& msg) {
    if (const auto no = why_not())
      return to_caf(*no);
    const auto at = ledger_.pass_to(now());
    auto state = ledger_.open(msg.body, at);
    if (!state)
      return to_caf(state.error());
    return keep({at, msg.body}, msg.head, std::move(*state));
  }

  caf::result<protocol::response<budget_reserved>>
  reserve(const protocol::request<reserve_budget>& msg) {
    if (const auto no = why_not())
      return to_caf(*no);
    const auto at = ledger_.pass_to(now());
    auto held = ledger_.reserve(msg.body, ids_.next(at), at);
    if (!held)
      return to_caf(held.error());
    wake_for_leases();
    auto entry = held_budget{held->reservation, msg.body};
    entry.what.amount = held->amount;
    entry.what.tokens = held->tokens;
    return keep({at, std::move(entry)}, msg.head, *held);
  }

  caf::result<protocol::response<account_state>>
  close(const protocol::request<close_account>& msg) {
    if (const auto no = why_not())
      return to_caf(*no);
    const auto at = ledger_.pass_to(now());
    auto state = ledger_.close(msg.body, at);
    if (!state)
      return to_caf(state.error());
    return keep({at, msg.body}, msg.head, std::move(*state));
  }

  template <class Body>
  caf::result<protocol::response<Body>> tell(const header& head,
                                             result<Body> body) {
    if (!body)
      return to_caf(body.error());
    return answer(head, std::move(*body));
  }

  /// A settlement is never refused, or money would stay set aside.
  caf::result<protocol::response<account_state>>
  settle(const protocol::request<settle_budget>& msg) {
    const auto at = ledger_.pass_to(now());
    auto settled = ledger_.settle(msg.body, at);
    if (!settled)
      return to_caf(settled.error());
    warn_of(*settled);
    if (!settled->is_new)
      return answer(msg.head, std::move(settled->account));
    return keep({at, msg.body}, msg.head, std::move(settled->account));
  }

  void warn_of(const ledger_rules::settled& it) {
    if (it.froze)
      log(log_level::warn, "budget", "frozen",
          "account=" + it.account.path
              + " overrun_usd=" + to_text(it.account.overrun));
    for (const auto& alarm : it.alarms) {
      log(log_level::warn, "budget", "alarm",
          "account=" + alarm.account.path
              + " percent=" + std::to_string(alarm.percent)
              + " spent_usd=" + to_text(alarm.account.spent)
              + " limit_usd=" + to_text(alarm.account.limit));
      if (on_alarm_)
        on_alarm_(alarm.account, alarm.percent);
    }
  }

  void wake_for_leases() {
    const auto next = ledger_.next_expiry();
    if (next >= next_expiry_)
      return;
    next_expiry_ = next;
    table_.add(clock_.steady_at(next), [this, next] {
      if (next_expiry_ == next)
        end_leases();
    });
    table_.arm(this);
  }

  /// Nobody has settled them in time: what they held stays spent.
  void end_leases() {
    const auto at = ledger_.pass_to(now());
    for (const auto reservation : ledger_.expired(at, expired_max)) {
      const settle_budget end{reservation, settlement::unknown, {}, 0};
      const auto settled = ledger_.settle(end, at);
      if (!settled)
        continue;
      log(log_level::warn, "budget", "expired",
          "account=" + settled->account.path);
      warn_of(*settled);
      note({at, end});
    }
    next_expiry_ = instant::max();
    wake_for_leases();
  }

  /// Keeps what nobody waits for.
  void note(ledger_entry it) {
    if (!writer_ || failure_)
      return;
    entries_.push_back(std::move(it));
    write();
  }

  template <class Body>
  protocol::response<Body> answer(const header& head, Body body) {
    return {answer_to(head, next_id()), std::move(body)};
  }

  /// Answers when `it` is kept.
  template <class Body>
  caf::result<protocol::response<Body>> keep(ledger_entry it,
                                             const header& head, Body body) {
    auto told = answer(head, std::move(body));
    if (!writer_)
      return told;
    if (failure_)
      return to_caf(*failure_);
    auto promise = make_response_promise<protocol::response<Body>>();
    entries_.push_back(std::move(it));
    waiting_.push_back([promise, told](const result<void>& kept) mutable {
      if (kept)
        promise.deliver(std::move(told));
      else
        promise.deliver(to_caf(kept.error()));
    });
    write();
    return promise;
  }

  void write() {
    if (is_writing_ || entries_.empty())
      return;
    is_writing_ = true;
    on_the_way_ = std::exchange(waiting_, {});
    caf::anon_send(writer_, ledger_batch{std::exchange(entries_, {})});
  }

  void end_batch(const batch_kept& it) {
    is_writing_ = false;
    auto outcome = it.outcome;
    if (!outcome) {
      log(log_level::error, "budget", "not-kept", outcome.error().detail);
      failure_ = fail(errc::internal, "the ledger cannot be written: "
                                          + outcome.error().detail);
      outcome = *failure_;
      entries_.clear();
    }
    for (auto& tell : std::exchange(on_the_way_, {}))
      tell(outcome);
    if (failure_)
      for (auto& tell : std::exchange(waiting_, {}))
        tell(*failure_);
    write();
  }

  wall_clock clock_;
  id_source ids_;
  std::shared_ptr<kept_ledger> kept_;
  std::function<void(const account_state&, std::uint32_t)> on_alarm_;
  ledger_rules ledger_;
  deadline_table table_;
  /// That an alarm is set for; `instant::max()`: none.
  instant next_expiry_ = instant::max();
  ledger_writer_actor writer_; ///< Null: in memory only.
  bool is_writing_ = false;
  /// Not with the writer yet. Bounded: `waiting_max`, and the settlements of
  /// what is reserved.
  std::vector<ledger_entry> entries_;
  std::vector<listener> waiting_;    ///< For `entries_`.
  std::vector<listener> on_the_way_; ///< For what is written now.
  std::optional<error> failure_;     ///< The log cannot be written.
};

} // namespace

budget_actor spawn_budget_manager(caf::actor_system& system,
                                  budget_manager_config config) {
  return system.spawn<budget_manager>(std::move(config));
}

} // namespace troupe::actors
