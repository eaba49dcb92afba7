#pragma once

#include "support/node/nodes.hpp"

#include <atomic>
#include <set>

/// Agents that are started on nodes, and move between them.
namespace troupe::test {

/// A node that takes agents from others.
[[nodiscard]] std::unique_ptr<cluster::node>
start_open_node(const std::string& name,
                const std::vector<std::string>& seeds = {});

[[nodiscard]] protocol::agent_spec spec_named(const std::string& name);

/// The nodes that have it, as that one knows.
[[nodiscard]] std::vector<std::string> places_of(cluster::node& from,
                                                 const std::string& agent);

/// What agents of kind `counter` know: how many tasks they have done, wherever
/// they were.
struct counters {
  std::atomic<int> done{0};       ///< By all of them.
  std::atomic<int> lives{0};      ///< That have begun.
  std::atomic<bool> waits{false}; ///< Tasks do not end.
  std::atomic<bool> fails_to_save{false};
  std::atomic<bool> refuses{false};          ///< None begins.
  std::atomic<std::size_t> bytes{0};         ///< More, in each snapshot.
  std::atomic<std::uint64_t> incarnation{0}; ///< Of the last task.
};

/// Its answers are how many it has done; they count on where it moves to.
void add_counters(cluster::node& to, counters& of);

} // namespace troupe::test
