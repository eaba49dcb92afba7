#include "shared_tier.hpp"

#include "ledger/leading_ledger.hpp"

#include <caf/all.hpp>

#include <random>

namespace troupe::cluster {

using protocol::result;

namespace {

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

/// A lease's ttl, cut into the times of those who hold and want it.
singleton_limits limits_for(protocol::duration ttl) {
  singleton_limits it;
  it.ttl = ttl;
  it.margin = ttl / 5;
  it.ask_every = ttl / 5;
  it.patience = ttl / 3;
  return it;
}

void end_actor(caf::actor_system& system, const caf::actor& it) {
  caf::scoped_actor self{system};
  self->monitor(it);
  caf::anon_send_exit(it, caf::exit_reason::user_shutdown);
  self->receive([](const caf::down_msg&) {},
                caf::after(std::chrono::seconds{5}) >> [] {});
}

} // namespace

shared_tier::shared_tier(shared_tier_config config)
    : config_(std::move(config)) {}

shared_tier::~shared_tier() {
  end();
}

actors::state_store_actor
shared_tier::make_state(caf::actor_system& system,
                        const actors::wall_clock& clock,
                        const actors::state_limits& limits) {
  const std::lock_guard lock{mutex_};
  limits_ = shared_state_log::fitting(limits);
  front_ = spawn_leader_front(system, clock); // which ends with the replica
  replica_ =
      spawn_state_replica(system, {limits_, clock, random_seed(), front_});
  return replica_;
}

void shared_tier::begin(caf::actor_system& system,
                        const actors::wall_clock& clock,
                        std::function<void()> on_change) {
  {
    const std::lock_guard lock{mutex_};
    system_ = &system;
    clock_ = clock;
    on_change_ = std::move(on_change);
  }
  auto keeper = std::make_unique<leader_keeper>(
      "leader/" + config_.cluster,
      [url = config_.store] { return store::open_url(url); },
      [clock, &system] { return clock.at(system.clock().now()); },
      limits_for(config_.lease),
      leader_duties{
          [this](const leader_fence& it) { return begin_leading(it); },
          [this] {
            end_leading();
          }},
      config_.is_draining);
  const std::lock_guard lock{mutex_};
  keeper_ = std::move(keeper);
}

void shared_tier::end() {
  std::unique_ptr<leader_keeper> keeper;
  leader_front_actor front;
  {
    const std::lock_guard lock{mutex_};
    keeper = std::move(keeper_);
    on_change_ = nullptr;
    replica_ = nullptr;
    front = std::exchange(front_, nullptr);
  }
  keeper.reset();
  if (front)
    caf::anon_send_exit(front, caf::exit_reason::user_shutdown);
}

result<void> shared_tier::begin_leading(const leader_fence& mine) {
  const auto may_serve = [this, token = mine.token] {
    const std::lock_guard lock{mutex_};
    return keeper_ && keeper_->may_serve(token);
  };
  const auto give_up = [this, token = mine.token] {
    const std::lock_guard lock{mutex_};
    if (keeper_)
      keeper_->give_up(token);
  };
  auto opened = store::open_url(config_.store);
  if (!opened)
    return opened.error();
  auto kept = shared_state_log::read(**opened, config_.cluster, limits_);
  if (!kept)
    return kept.error();
  const auto clock = clock_;
  auto log = std::make_shared<shared_state_log>(
      store::with_patience(std::move(*opened), config_.lease),
      shared_state_log::config{
          config_.cluster, mine, limits_,
          [clock, system = system_] { return clock.at(system->clock().now()); },
          may_serve, give_up, random_seed()},
      kept->revision);
  actors::state_store_config state;
  state.limits = limits_;
  state.clock = clock_;
  state.seed = random_seed();
  state.keeper = log;
  state.kept = std::move(*kept);
  auto services = std::make_shared<leader_services>();
  services->may_serve = may_serve;
  if (auto good = open_ledger(mine, give_up, *services); !good)
    return good;
  services->state = actors::spawn_state_store(*system_, std::move(state));
  services->state->attach_functor(give_up); // it has ended, whatever for
  std::function<void()> told;
  {
    const std::lock_guard lock{mutex_};
    services_ = std::move(services);
    token_ = mine.token;
    log_ = std::move(log);
    told = on_change_;
  }
  if (told)
    told();
  return {};
}

result<void> shared_tier::open_ledger(const leader_fence& mine,
                                      const std::function<void()>& give_up,
                                      leader_services& to) {
  if (!config_.has_ledger)
    return {};
  auto opened = store::open_url(config_.store);
  if (!opened)
    return opened.error();
  auto ledger = lead_ledger(
      // Who does not know what became of a commit asks four times.
      *system_, store::with_patience(std::move(*opened), config_.lease / 4),
      {config_.cluster, mine, clock_, random_seed(), give_up});
  if (!ledger)
    return ledger.error();
  to.ledger = std::move(*ledger);
  to.ledger->attach_functor(give_up);
  return {};
}

void shared_tier::end_leading() {
  services_ptr services;
  std::shared_ptr<shared_state_log> log;
  std::function<void()> told;
  {
    const std::lock_guard lock{mutex_};
    services = std::exchange(services_, nullptr);
    token_ = 0;
    log = std::exchange(log_, nullptr);
    told = on_change_;
  }
  if (services)
    end_actor(*system_, caf::actor_cast<caf::actor>(services->state));
  if (services && services->ledger)
    end_actor(*system_, caf::actor_cast<caf::actor>(services->ledger));
  log.reset(); // its thread ends here, not in an actor's
  if (told)
    told();
}

leader_front_actor shared_tier::front() const {
  const std::lock_guard lock{mutex_};
  return front_;
}

services_ptr shared_tier::services() const {
  const std::lock_guard lock{mutex_};
  return services_;
}

std::uint64_t shared_tier::leads() const {
  const std::lock_guard lock{mutex_};
  return token_;
}

void shared_tier::tell(const leader_is& it) {
  const std::lock_guard lock{mutex_};
  if (front_)
    caf::anon_send(front_, it);
  if (replica_)
    caf::anon_send(replica_, it);
}

} // namespace troupe::cluster
