#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/clock.hpp"
#include "troupe/actors/ledger_log.hpp"

#include <caf/typed_actor.hpp>

#include <functional>
#include <memory>

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
        protocol::response<protocol::account_state>>,
    // No more calls are paid by it.
    caf::replies_to<protocol::request<protocol::close_account>>::with<
        protocol::response<protocol::account_state>>,
    caf::replies_to<protocol::request<protocol::list_accounts>>::with<
        protocol::response<protocol::accounts_listed>>,
    caf::replies_to<protocol::request<protocol::forecast_budget>>::with<
        protocol::response<protocol::budget_forecast>>>;

/// A ledger that is kept in a log.
struct kept_ledger;

/// Reads a log. What was still reserved when it was last used counts as spent
/// from now on: nobody knows whether it was billed.
/// Errors: those of the log; `malformed_message` when its entries contradict
/// each other. Blocking: as long as it takes to read all entries.
[[nodiscard]] protocol::result<std::shared_ptr<kept_ledger>>
open_ledger(std::unique_ptr<ledger_log> log, protocol::instant now);

struct budget_manager_config {
  wall_clock clock;
  std::uint64_t seed = 0; ///< Of the ids of reservations.
  /// Null: in memory only. Each is for one manager.
  std::shared_ptr<kept_ledger> ledger = nullptr;
  /// Told of each alarm of an account that is passed; from a thread of the
  /// actors, which it must not block. Null: nobody is told but the log.
  std::function<void(const protocol::account_state&, std::uint32_t percent)>
      on_alarm = nullptr;
};

/// With a kept ledger, answers come when what they tell is kept; a thread of
/// its own writes, and all that has come in while it wrote goes in one batch.
/// When the log cannot be written, all later requests but `describe_account`
/// are refused with `internal`.
[[nodiscard]] budget_actor spawn_budget_manager(caf::actor_system& system,
                                                budget_manager_config config);

} // namespace troupe::actors
