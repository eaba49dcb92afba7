#pragma once

#include "home_book.hpp"
#include "settle_up.hpp"

namespace troupe::cluster {

/// BUDGET FRONT: stands before the ledger of a node. Money of runs that other
/// nodes have begun is reserved and settled with those, call by call: who
/// cannot reach them spends nothing but what they have set aside before. A
/// settlement is said again until it has arrived or the reservation's lease has
/// ended, in which case it stays spent there as unknown.
[[nodiscard]] budget_front_actor
spawn_budget_front(caf::actor_system& system, const actors::wall_clock& clock,
                   const actors::budget_actor& ledger,
                   std::shared_ptr<home_book> homes);

} // namespace troupe::cluster
