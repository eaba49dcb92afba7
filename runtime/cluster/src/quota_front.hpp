#pragma once

#include "leader_front.hpp"
#include "ledger/quota_forms.hpp"

#include <troupe/actors/budget_manager.hpp>

#include <functional>

namespace troupe::cluster {

/// Asks a QUOTA FRONT to give back what it holds and to take no new calls.
/// Answered when all of it is settled, or after five seconds.
struct give_back {};
struct gave_back {};

/// QUOTA FRONT: stands before a node's own ledger. Of a call it pays what the
/// accounts bear that all nodes share, from slices of the shared ledger, and
/// has the node's own ledger bear the rest: those of runs, tasks and agents.
/// A call that no slice covers waits for one, at most ten seconds and no longer
/// than its deadline. Errors: `budget_exhausted` names the account as the
/// shared ledger does; `unreachable` when that has not answered, since money
/// may well be left there and the call may be made later. To look at a shared
/// account, to open or to close it, is asked of the shared ledger; there, what
/// is counted as a call is a slice, unless the account's calls are limited.
using quota_front_actor =
    actors::budget_actor::extend<caf::replies_to<give_back>::with<gave_back>>;

struct quota_front_config {
  actors::wall_clock clock;
  actors::budget_actor own; ///< The node's own ledger; ends with the front.
  std::function<leader_front_actor()> leader;
  /// What all nodes share, with the limits that the shared ledger is to have.
  std::vector<protocol::open_account> shared;
  std::uint64_t seed = 0; ///< By chance: of ids that all nodes see.
  quota_limits limits{};
};

[[nodiscard]] quota_front_actor spawn_quota_front(caf::actor_system& system,
                                                  quota_front_config config);

} // namespace troupe::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::give_back)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::gave_back)
