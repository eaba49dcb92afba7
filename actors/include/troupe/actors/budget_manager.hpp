#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/clock.hpp"

#include <caf/typed_actor.hpp>

namespace troupe::actors {

/// BUDGET MANAGER: one per node; holds the ledger. Money is reserved before a
/// call and settled after it, so that no limit is ever passed.
using budget_actor = caf::typed_actor<
    // Sets an account's limit.
    caf::replies_to<protocol::request<protocol::open_account>>::with<
        protocol::response<protocol::account_state>>,
    // Sets the worst case of a call aside, or names the account that refuses.
    caf::replies_to<protocol::request<protocol::reserve_budget>>::with<
        protocol::response<protocol::budget_reserved>>,
    // Ends a reservation; a repetition changes nothing.
    caf::replies_to<protocol::request<protocol::settle_budget>>::with<
        protocol::response<protocol::account_state>>,
    caf::replies_to<protocol::request<protocol::describe_account>>::with<
        protocol::response<protocol::account_state>>>;

struct budget_manager_config {
  wall_clock clock;
  std::uint64_t seed = 0; ///< Of the ids of reservations.
};

[[nodiscard]] budget_actor spawn_budget_manager(caf::actor_system& system,
                                                budget_manager_config config);

} // namespace troupe::actors
