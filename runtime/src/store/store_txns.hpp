#pragma once

#include "store/store_file.hpp"

namespace troupe::store {

/// What became of a commit that had an id.
struct known_txn {
  protocol::id print;
  actors::commit_result outcome; ///< `committed` or `refused`.
};

/// Nothing: no such commit is known. Errors: `internal`.
protocol::result<std::optional<known_txn>> find_txn(store_file& file,
                                                    protocol::id id);

/// Errors: `internal`.
protocol::result<void> keep_txn(store_file& file, protocol::id id,
                                const known_txn& it, protocol::instant now);

} // namespace troupe::store
