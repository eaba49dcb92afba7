#pragma once

#include "troupe/cluster/node.hpp"

#include <troupe/runtime/roster.hpp>

namespace troupe::cluster {

/// How `trouped` runs: a node, its runtime and its agents.
struct node_setup {
  node_config node;
  runtime_config host;
  std::vector<protocol::agent_spec> agents;
  std::string ready_file; ///< Made when the node is ready; empty: none.
  /// How long it waits, when it is told to stop, for what is under way.
  std::chrono::milliseconds drain_max{30'000};
};

/// What reading a node's file gave: right only when `problems` is empty.
struct loaded_node {
  node_setup setup;
  std::vector<problem> problems;
};

/// Reads a node's file (docs/cluster.md); paths in it are relative to its
/// folder. All problems at once, those of the files that it names included.
/// Blocking: as long as the disk takes.
[[nodiscard]] loaded_node load_node(const std::string& file);

} // namespace troupe::cluster
