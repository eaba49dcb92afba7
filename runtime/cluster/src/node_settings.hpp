#pragma once

#include "link_actor.hpp"
#include "troupe/cluster/node.hpp"

namespace troupe::cluster {

/// As a node of that configuration introduces itself, but for its address.
[[nodiscard]] hello hello_of(const node_config& config);

[[nodiscard]] link_limits limits_of(const node_config& config);

/// The accounts with limits that all nodes share; none unless the ledger is in
/// a database.
[[nodiscard]] std::vector<protocol::open_account>
shared_accounts_of(const runtime_config& host);

/// A ledger that all nodes share is where they keep all that is theirs
/// together, since whoever leads must hold the lease there. Error:
/// `config_invalid`.
[[nodiscard]] protocol::result<void> check_ledger(const node_config& config,
                                                  const runtime_config& host);

} // namespace troupe::cluster
