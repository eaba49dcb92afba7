#pragma once

#include "support/cluster/history.hpp"
#include "support/nodes/real_nodes.hpp"

#include <map>
#include <string>
#include <vector>

namespace troupe::test {

/// Clients that write and read shared state, one at each node, each on a
/// machine of its own; what they have seen is for `check_history`.
class state_clients {
public:
  /// They begin at once. `nodes` outlives it.
  state_clients(real_nodes& nodes, const std::vector<std::string>& at,
                unsigned keys);

  /// How many requests were answered so far, whatever was said.
  [[nodiscard]] std::size_t answered() const;
  /// Of writes that were acknowledged, the longest time between two.
  [[nodiscard]] std::chrono::milliseconds longest_pause() const;
  /// Has them end, and then one read each key at `node`.
  [[nodiscard]] bool end(const std::string& node,
                         std::chrono::milliseconds within);
  [[nodiscard]] history seen() const;

private:
  void begin(const std::string& client, const std::string& node,
             const std::string& stop, bool only_reads);
  [[nodiscard]] std::string log_of(const std::string& client) const {
    return nodes_.path("log-" + client);
  }

  real_nodes& nodes_;
  unsigned keys_;
  std::map<std::string, std::string> clients_; // node by name
};

} // namespace troupe::test
