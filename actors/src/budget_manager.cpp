#include "troupe/actors/budget_manager.hpp"

#include "budget_warnings.hpp"
#include "deadline_table.hpp"
#include "ledger_queue.hpp"
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

/// Leases that pass are ended so many at a time.
constexpr std::size_t expired_max = 1'000;
/// Between tries to write what could not be written.
constexpr std::chrono::seconds retry_pace{1};

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
    if (kept_) {
      writer_ = spawn_ledger_writer(home_system(), kept_, address());
      wake_for_leases(); // of processes that have outlived the last manager
    }
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
    add_figure(to, "entries_waiting", queue_.size());
    if (const auto no = why_not())
      not_ready(to, no->detail);
  }

  void on_exit() override {
    table_.close();
    if (!writer_)
      return;
    auto left =
        queue_.end(fail(errc::unreachable, "the budget manager has ended"));
    if (!left.empty())
      caf::anon_send(writer_, ledger_batch{std::move(left)});
    caf::anon_send(writer_, end_of_batches{});
    writer_ = nullptr;
  }

private:
  template <class Body>
  using ask = protocol::request<Body>;
  template <class Body>
  using answered = caf::result<protocol::response<Body>>;

  instant now() { return clock_.at(clock().now()); }
  protocol::id next_id() { return ids_.next(now()); }

  /// Why nothing can be promised now.
  [[nodiscard]] std::optional<error> why_not() const {
    if (queue_.failure())
      return queue_.failure();
    if (queue_.size() >= ledger_queue::waiting_max)
      return fail(errc::overloaded, "too many entries wait for the disk");
    return std::nullopt;
  }

  answered<account_state> open(const ask<open_account>& msg) {
    if (const auto no = why_not())
      return to_caf(*no);
    const auto at = ledger_.pass_to(now());
    auto state = ledger_.open(msg.body, at);
    if (!state)
      return to_caf(state.error());
    return keep({at, msg.body}, msg.head, std::move(*state));
  }

  answered<budget_reserved> reserve(const ask<reserve_budget>& msg) {
    if (const auto no = why_not())
      return to_caf(*no);
    const auto at = ledger_.pass_to(now());
    const bool is_named = kept_ && kept_->is_shared && msg.head.message;
    if (is_named)
      if (auto known = ledger_.granted(msg.head.message))
        return after_all(msg.head, *known);
    const auto id = is_named ? msg.head.message : ids_.next(at);
    auto held = ledger_.reserve(msg.body, id, at);
    if (!held)
      return to_caf(held.error());
    wake_for_leases();
    auto entry = held_budget{held->reservation, msg.body};
    entry.what.amount = held->amount;
    entry.what.tokens = held->tokens;
    return keep({at, std::move(entry)}, msg.head, *held);
  }

  answered<account_state> close(const ask<close_account>& msg) {
    if (const auto no = why_not())
      return to_caf(*no);
    const auto at = ledger_.pass_to(now());
    auto state = ledger_.close(msg.body, at);
    if (!state)
      return to_caf(state.error());
    return keep({at, msg.body}, msg.head, std::move(*state));
  }

  template <class Body>
  answered<Body> tell(const header& head, result<Body> body) {
    if (!body)
      return to_caf(body.error());
    if (kept_ && kept_->is_shared) // others take it for what the next one has
      return after_all(head, std::move(*body));
    return answer(head, std::move(*body));
  }

  /// A settlement is never refused, or money would stay set aside.
  answered<account_state> settle(const ask<settle_budget>& msg) {
    const auto at = ledger_.pass_to(now());
    auto settled = ledger_.settle(msg.body, at);
    if (!settled)
      return to_caf(settled.error());
    warn_of(*settled, on_alarm_);
    return settled->is_new
               ? keep({at, msg.body}, msg.head, std::move(settled->account))
               : after_all(msg.head, std::move(settled->account));
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
      warn_of(*settled, on_alarm_);
      note({at, end});
    }
    next_expiry_ = instant::max();
    wake_for_leases();
  }

  /// Keeps what nobody waits for.
  void note(ledger_entry it) {
    if (!writer_)
      return;
    queue_.add(std::move(it));
    write();
  }

  template <class Body>
  protocol::response<Body> answer(const header& head, Body body) {
    return {answer_to(head, next_id()), std::move(body)};
  }

  /// Answers when all that was noted so far is kept.
  template <class Body>
  answered<Body> after_all(const header& head, Body body) {
    auto told = answer(head, std::move(body));
    auto promise = make_response_promise<protocol::response<Body>>();
    if (!queue_.after_all(teller(promise, told)))
      promise.deliver(std::move(told));
    return promise;
  }

  template <class Promise, class Told>
  static ledger_queue::listener teller(Promise promise, Told told) {
    return [promise, told = std::move(told)](const result<void>& kept) mutable {
      if (kept)
        promise.deliver(std::move(told));
      else
        promise.deliver(to_caf(kept.error()));
    };
  }

  /// Answers when `it` is kept.
  template <class Body>
  answered<Body> keep(ledger_entry it, const header& head, Body body) {
    auto told = answer(head, std::move(body));
    if (!writer_)
      return told;
    if (queue_.failure()) { // a settlement: it is kept with what was not
      queue_.add(std::move(it));
      return to_caf(*queue_.failure());
    }
    auto promise = make_response_promise<protocol::response<Body>>();
    queue_.add(std::move(it), teller(promise, std::move(told)));
    write();
    return promise;
  }

  void write() {
    if (auto batch = queue_.next(); !batch.empty())
      caf::anon_send(writer_, ledger_batch{std::move(batch)});
  }

  void end_batch(batch_kept& it) {
    if (!it.outcome)
      hold_back(it);
    else if (queue_.kept())
      log(log_level::info, "budget", "kept-again", "");
    write();
  }

  /// Nothing is promised until all that memory knows is kept.
  void hold_back(batch_kept& it) {
    const auto why = fail(errc::internal, "the ledger cannot be written: "
                                              + it.outcome.error().detail);
    if (queue_.failed(std::move(it.unkept), why)) {
      log(log_level::error, "budget", "not-kept", why.detail);
      release_refused();
    }
    table_.add(clock().now() + retry_pace, [this] {
      queue_.go_on();
      write();
    });
    table_.arm(this);
  }

  /// What was reserved and refused is given back.
  void release_refused() {
    const auto at = ledger_.pass_to(now());
    for (const auto reservation : queue_.reservations())
      if (const settle_budget end{reservation, settlement::released, {}, 0};
          ledger_.settle(end, at))
        queue_.add({at, end});
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
  ledger_queue queue_;
};

} // namespace

budget_actor spawn_budget_manager(caf::actor_system& system,
                                  budget_manager_config config) {
  return system.spawn<budget_manager>(std::move(config));
}

} // namespace troupe::actors
