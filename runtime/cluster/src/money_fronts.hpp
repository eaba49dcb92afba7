#pragma once

#include "budget_front.hpp"
#include "quota_front.hpp"
#include "shared_tier.hpp"

#include <mutex>
#include <vector>

namespace troupe::cluster {

/// Who stands before the ledger of a node. Thread-safe.
class money_fronts {
public:
  /// `shared`: the accounts of the tier's ledger; the tier may be null when
  /// there are none.
  money_fronts(std::shared_ptr<home_book> homes,
               std::shared_ptr<shared_tier> tier,
               std::vector<protocol::open_account> shared)
      : homes_(std::move(homes)), tier_(std::move(tier)),
        shared_(std::move(shared)) {}

  /// Whom all ask in the place of that ledger; a supervisor has it made.
  [[nodiscard]] actors::budget_actor make(caf::actor_system& system,
                                          const actors::budget_actor& ledger);
  /// Null: not made yet, or forgotten.
  [[nodiscard]] budget_front_actor front() const;

  /// What the node holds of shared accounts is settled as far as it can be.
  /// Blocking: six seconds at most.
  void give_back(caf::actor_system& system);
  void forget();

private:
  std::shared_ptr<home_book> homes_;
  std::shared_ptr<shared_tier> tier_;
  std::vector<protocol::open_account> shared_;
  mutable std::mutex mutex_; ///< Guards what follows.
  budget_front_actor front_;
  quota_front_actor quota_; ///< Null: nothing is shared.
};

} // namespace troupe::cluster
