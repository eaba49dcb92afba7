#include "troupe/actors/budget_manager.hpp"

#include "ledger_writer.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/log.hpp"

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

using manager_impl = budget_actor::extend<caf::reacts_to<batch_kept>>;

class budget_manager : public actor_base<manager_impl> {
public:
  budget_manager(caf::actor_config& cfg, budget_manager_config config)
      : actor_base(cfg, config.clock, ledger_mailbox), clock_(config.clock),
        ids_(config.seed), kept_(std::move(config.ledger)) {
    if (kept_)
      ledger_ = std::move(kept_->rules);
  }

  const char* name() const override { return "budget-manager"; }

  behavior_type make_behavior() override {
    if (kept_)
      writer_ = spawn_ledger_writer(home_system(), kept_, address());
    return {
        [this](const protocol::request<open_account>& msg) {
          return open(msg);
        },
        [this](const protocol::request<reserve_budget>& msg) {
          return reserve(msg);
        },
        [this](const protocol::request<settle_budget>& msg) {
          return settle(msg);
        },
        [this](const protocol::request<describe_account>& msg) {
          return describe(msg);
        },
        [this](batch_kept& it) { end_batch(it); },
    };
  }

  void on_exit() override {
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
    auto state = ledger_.open(msg.body, now());
    if (!state)
      return to_caf(state.error());
    return keep({now(), msg.body}, msg.head, std::move(*state));
  }

  caf::result<protocol::response<budget_reserved>>
  reserve(const protocol::request<reserve_budget>& msg) {
    if (const auto no = why_not())
      return to_caf(*no);
    const auto reservation = next_id();
    const auto held = ledger_.reserve(msg.body, reservation, now());
    if (!held)
      return to_caf(held.error());
    return keep({now(), held_budget{reservation, msg.body}}, msg.head,
                budget_reserved{reservation});
  }

  caf::result<protocol::response<account_state>>
  describe(const protocol::request<describe_account>& msg) {
    auto state = ledger_.describe(msg.body.path, now());
    if (!state)
      return to_caf(state.error());
    return answer(msg.head, std::move(*state));
  }

  /// A settlement is never refused, or money would stay set aside.
  caf::result<protocol::response<account_state>>
  settle(const protocol::request<settle_budget>& msg) {
    auto settled = ledger_.settle(msg.body, now());
    if (!settled)
      return to_caf(settled.error());
    if (settled->froze)
      log(log_level::warn, "budget", "frozen",
          "account=" + settled->account.path
              + " overrun_usd=" + to_text(settled->account.overrun));
    if (!settled->is_new)
      return answer(msg.head, std::move(settled->account));
    return keep({now(), msg.body}, msg.head, std::move(settled->account));
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
  ledger_rules ledger_;
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
