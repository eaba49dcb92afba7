#pragma once

#include <troupe/actors/journal.hpp>
#include <troupe/actors/result_book.hpp>

#include <memory>

namespace troupe {

/// What the earlier runs gave that a mission may take results from; null: it
/// takes none. `journal` may be null. Errors: `invalid_request` without one; as
/// the journal's. Blocking.
[[nodiscard]] protocol::result<std::shared_ptr<const actors::result_book>>
earlier_results(caf::actor_system& system, const actors::journal_actor& journal,
                const protocol::mission& mission);

} // namespace troupe
