#pragma once

#include "home_book.hpp"

#include <troupe/actors/journal.hpp>

namespace troupe::cluster {

/// JOURNAL FRONT: the journal of a node's agents. What they do for a run that
/// another node has begun, their effects and calls of models, is kept by the
/// journal of that node: whoever goes on with the task finds it there, and who
/// cannot reach it does nothing. `own` may be null: what runs of this node do
/// is not kept then.
[[nodiscard]] actors::journal_actor
spawn_journal_front(caf::actor_system& system, const actors::wall_clock& clock,
                    const actors::journal_actor& own,
                    std::shared_ptr<const home_book> homes);

} // namespace troupe::cluster
