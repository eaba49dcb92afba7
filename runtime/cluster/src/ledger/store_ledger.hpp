#pragma once

#include "leader_fence.hpp"

#include <troupe/actors/durable_store.hpp>
#include <troupe/actors/ledger_log.hpp>

#include <functional>
#include <memory>
#include <string>

namespace troupe::cluster {

struct store_ledger_options {
  std::string name;       ///< As in `ledger/games`; of streams, and of a key.
  leader_fence fence;     ///< Empty: nobody else writes.
  std::uint64_t seed = 0; ///< Of the ids of commits.
  std::function<protocol::instant()> now;
  /// Nothing more will be written; called once, from where it was.
  std::function<void()> on_failure = nullptr;
};

/// A ledger in a durable store, for the node that leads. Entries are records
/// in JSON of the stream `NAME/GENERATION`; `replace` begins the next
/// generation, and the value of the key `NAME` says which one counts.
///
/// A batch is one commit, or several beyond what the store allows of one; with
/// an error a first part of it may be kept. A commit of which nobody knows is
/// asked again by its id. After an error nothing more is written: the fence is
/// lost, somebody else has written, or the store is away for longer than it is
/// asked again. Blocks for as long as the store does.
/// Errors: `internal`; `malformed_message` for records that cannot be read.
[[nodiscard]] std::unique_ptr<actors::ledger_log>
make_store_ledger(std::unique_ptr<actors::durable_store> store,
                  store_ledger_options options);

} // namespace troupe::cluster
