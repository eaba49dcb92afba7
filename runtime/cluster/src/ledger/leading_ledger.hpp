#pragma once

#include "leader_fence.hpp"

#include <troupe/actors/budget_manager.hpp>
#include <troupe/actors/durable_store.hpp>

#include <functional>
#include <memory>
#include <string>

namespace troupe::cluster {

struct leading_ledger_config {
  std::string cluster;
  leader_fence fence;
  actors::wall_clock clock;
  std::uint64_t seed = 0;
  /// The ledger can write no more, and will refuse all but to be looked at:
  /// from a thread of its own, at most once.
  std::function<void()> on_failure = nullptr;
};

/// Opens the shared ledger of a cluster, `ledger/CLUSTER`, for the node that
/// leads: a BUDGET MANAGER whose reservations are held by all nodes. Errors:
/// those of the store; `malformed_message` for what cannot be read. Blocking:
/// as long as it takes to read all entries.
[[nodiscard]] protocol::result<actors::budget_actor>
lead_ledger(caf::actor_system& system,
            std::unique_ptr<actors::durable_store> store,
            leading_ledger_config config);

} // namespace troupe::cluster
