#include "ledger/leading_ledger.hpp"

#include "ledger/store_ledger.hpp"
#include "shared_ledger.hpp"

#include <caf/all.hpp>

namespace troupe::cluster {

protocol::result<actors::budget_actor>
lead_ledger(caf::actor_system& system,
            std::unique_ptr<actors::durable_store> store,
            leading_ledger_config config) {
  const auto now = [clock = config.clock, &system] {
    return clock.at(system.clock().now());
  };
  auto ledger = actors::open_shared_ledger(
      make_store_ledger(std::move(store),
                        {"ledger/" + config.cluster, std::move(config.fence),
                         config.seed, now, std::move(config.on_failure)}),
      now());
  if (!ledger)
    return ledger.error();
  return actors::spawn_budget_manager(
      system, {config.clock, config.seed + 1, std::move(*ledger)});
}

} // namespace troupe::cluster
