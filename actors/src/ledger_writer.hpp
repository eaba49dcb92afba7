#pragma once

#include "ledger_rules.hpp"
#include "troupe/actors/caf_types.hpp"

#include <caf/typed_actor.hpp>

#include <memory>
#include <vector>

namespace troupe::actors {

struct kept_ledger {
  ledger_rules rules;
  bool is_shared = false; ///< As `open_shared_ledger` says.
  std::unique_ptr<ledger_log> log;
};

/// Entries to be kept together.
struct ledger_batch {
  std::vector<ledger_entry> entries; // bounded by the manager
};

/// A batch is kept, or is not.
struct batch_kept {
  protocol::result<void> outcome;
  std::vector<ledger_entry> unkept{}; ///< All of it, with an error.
};

/// No more batches will come.
struct end_of_batches {};

using ledger_writer_actor = caf::typed_actor<caf::reacts_to<ledger_batch>,
                                             caf::reacts_to<end_of_batches>>;

/// Writes batches on a thread of its own, and tells `manager` of each.
[[nodiscard]] ledger_writer_actor
spawn_ledger_writer(caf::actor_system& system,
                    const std::shared_ptr<kept_ledger>& ledger,
                    const caf::actor_addr& manager);

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::ledger_batch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::batch_kept)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::end_of_batches)
