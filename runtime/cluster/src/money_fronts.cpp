#include "money_fronts.hpp"

#include <troupe/actors/system_config.hpp>

#include <caf/all.hpp>

#include <random>

namespace troupe::cluster {

namespace {

/// Longer than what is asked takes to answer.
constexpr std::chrono::seconds patience{6};

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

} // namespace

actors::budget_actor money_fronts::make(caf::actor_system& system,
                                        const actors::budget_actor& ledger) {
  const auto clock = actors::make_wall_clock(system);
  quota_front_actor quota;
  auto behind = ledger;
  if (!shared_.empty()) {
    quota_front_config config;
    config.clock = clock;
    config.own = ledger;
    config.leader = [tier = tier_] {
      return tier->front();
    };
    config.shared = shared_;
    config.seed = random_seed();
    quota = spawn_quota_front(system, std::move(config));
    behind = caf::actor_cast<actors::budget_actor>(quota);
  }
  auto front = spawn_budget_front(system, clock, behind, homes_);
  const std::lock_guard lock{mutex_};
  front_ = front;
  quota_ = std::move(quota);
  return caf::actor_cast<actors::budget_actor>(front);
}

budget_front_actor money_fronts::front() const {
  const std::lock_guard lock{mutex_};
  return front_;
}

void money_fronts::give_back(caf::actor_system& system) {
  quota_front_actor from;
  {
    const std::lock_guard lock{mutex_};
    from = quota_;
  }
  if (!from)
    return;
  caf::scoped_actor self{system};
  self->request(from, patience, cluster::give_back{})
      .receive([](gave_back) {}, [](const caf::error&) {});
}

void money_fronts::forget() {
  const std::lock_guard lock{mutex_};
  front_ = nullptr;
  quota_ = nullptr;
}

} // namespace troupe::cluster
