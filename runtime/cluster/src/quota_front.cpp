#include "quota_front_impl.hpp"

namespace troupe::cluster {

using namespace protocol;

namespace {

constexpr actors::mailbox_limits front_mailbox{1'000'000, 1ULL << 30};
constexpr std::chrono::seconds own_patience{10};
constexpr std::chrono::seconds give_back_patience{5};
constexpr std::chrono::milliseconds pace{250};
constexpr std::chrono::minutes lease_grace{1};
constexpr std::chrono::minutes lease_default{10};
constexpr std::size_t paid_worth_a_look = 1'000;

/// How long a call is waited for: the node's own ledger ends it by itself.
duration lease_of(const reserve_budget& it) {
  return lease_grace + (it.lease > duration{} ? it.lease : lease_default);
}

} // namespace

quota_front::quota_front(caf::actor_config& cfg, quota_front_config config)
    : actor_base(cfg, config.clock, front_mailbox), wall_(config.clock),
      own_(std::move(config.own)), leader_(std::move(config.leader)),
      book_(std::move(config.shared)), ids_(config.seed),
      rules_(config.limits, config.seed + 1) {
  monitor(own_);
  set_down_handler([this](const caf::down_msg& it) { quit(it.reason); });
}

quota_front::behavior_type quota_front::make_behavior() {
  wake();
  return {
      [this](const ask<open_account>& it) { return open(it); },
      [this](const ask<reserve_budget>& it) { return reserve(it); },
      [this](const ask<settle_budget>& it) { return settle(it); },
      [this](const ask<describe_account>& it) { return look<state>(it); },
      [this](const ask<close_account>& it) { return look<state>(it); },
      [this](const ask<list_accounts>& it) { return delegate(own_, it); },
      [this](const ask<forecast_budget>& it) {
        return look<protocol::response<budget_forecast>>(it);
      },
      [this](give_back) { return end_all(); },
      [this](const actors::deadline_tick& it) { table_.on_tick(this, it); },
  };
}

void quota_front::on_exit() {
  rules_.close(now());
  const auto left = rules_.steps();
  if (const auto leader = leader_ ? leader_() : leader_front_actor{})
    for (const auto& it : left.ends) // as well as it goes
      caf::anon_send(leader, ask_there{to_leader(it, ids_.next(now()))});
  for (auto& [number, it] : std::exchange(calls_, {}))
    it.promise.deliver(
        actors::to_caf(fail(errc::unreachable, "the quota front has ended")));
  tell_gave_back();
  table_.close();
  leader_ = nullptr;
  send_exit(own_, caf::exit_reason::user_shutdown);
  own_ = nullptr;
}

caf::result<quota_front::reserved>
quota_front::reserve(const ask<reserve_budget>& it) {
  const auto& what = it.body;
  const auto by = book_.of(what.account, what.tags);
  const bool is_bad =
      what.amount < money{} || what.amount_min.value_or(money{}) < money{};
  if (!by || is_bad)
    return delegate(own_, it);
  auto promise = make_response_promise<reserved>();
  const auto number = ++last_call_;
  calls_.emplace(number, waiting_call{it, promise});
  call_need need{
      {what.amount, what.tokens}, {}, lease_of(what), it.head.deadline};
  need.least = need.most;
  if (what.amount_min)
    need.least = {std::min(*what.amount_min, what.amount),
                  std::min(what.tokens_min, what.tokens)};
  rules_.take(number, *by, need, now());
  carry_out();
  return promise;
}

void quota_front::pay(const call_paid& it) {
  auto call = calls_.extract(it.call);
  auto& [what, promise] = call.mapped();
  if (!it.outcome)
    return (void)promise.deliver(actors::to_caf(it.outcome.error()));
  what.body.amount = std::min(what.body.amount, it.outcome->amount);
  what.body.tokens = std::min(what.body.tokens, it.outcome->tokens);
  pay_here(it.call, it.until, std::move(what), promise);
}

/// What is left to be borne: by the accounts of the run, and below.
void quota_front::pay_here(std::uint64_t number, instant until,
                           ask<reserve_budget> what, reserved_promise promise) {
  const auto lease = lease_of(what.body);
  actors::request_until<reserved>(
      this, table_, clock().now() + own_patience, own_,
      [this, promise, number, until, lease](result<reserved> told) mutable {
        if (!told) {
          end_call(number, {{}, settlement::released, {}, 0});
          return (void)promise.deliver(actors::to_caf(told.error()));
        }
        paid_.emplace(told->body.reservation, paid_call{number, now() + lease});
        auto& end = told->body.until;
        if (until != instant{} && (end == instant{} || until < end))
          end = until;
        promise.deliver(std::move(*told));
      },
      std::move(what));
}

caf::result<quota_front::state>
quota_front::settle(const ask<settle_budget>& it) {
  const auto found = paid_.find(it.body.reservation);
  if (found != paid_.end() && it.body.actual >= money{}) {
    const auto number = found->second.number;
    paid_.erase(found);
    end_call(number, it.body);
  }
  return delegate(own_, it);
}

void quota_front::end_call(std::uint64_t number, const settle_budget& how) {
  rules_.settle(number, how, now());
  carry_out();
}

void quota_front::wake() {
  if (is_awake_ || (!rules_.is_busy() && book_.unknown().empty()))
    return;
  is_awake_ = true;
  table_.add(clock().now() + pace, [this] {
    is_awake_ = false;
    beat();
  });
  table_.arm(this);
}

void quota_front::beat() {
  for (const auto& path : book_.unknown())
    agree(path);
  rules_.tick(now());
  carry_out();
  if (paid_.size() > paid_worth_a_look + 2 * rules_.calls())
    std::erase_if(paid_,
                  [at = now()](auto& it) { return it.second.until < at; });
}

caf::result<gave_back> quota_front::end_all() {
  rules_.close(now());
  carry_out();
  if (!rules_.is_busy())
    return gave_back{};
  auto promise = make_response_promise<gave_back>();
  closers_.push_back(promise);
  table_.add(clock().now() + give_back_patience, [this] { tell_gave_back(); });
  table_.arm(this);
  return promise;
}

void quota_front::tell_gave_back() {
  for (auto& it : std::exchange(closers_, {}))
    it.deliver(gave_back{});
}

quota_front_actor spawn_quota_front(caf::actor_system& system,
                                    quota_front_config config) {
  return caf::actor_cast<quota_front_actor>(
      caf::actor_cast<caf::strong_actor_ptr>(
          system.spawn<quota_front>(std::move(config))));
}

} // namespace troupe::cluster
