#pragma once

#include "node_words.hpp"
#include "support/node/nodes.hpp"
#include "support/node/raw_peer.hpp"

namespace troupe::test {

/// A node of another program, as others see it: what it says of agents, a test
/// says word by word. It shows that it is alive while it hears.
class spoken_node {
public:
  /// Joins, and waits until the other one finds it up.
  spoken_node(cluster::node& to, const std::string& name,
              std::uint64_t session = 1,
              std::uint32_t link_max = cluster::link_version_max);

  /// What it is asked next; nothing within ten seconds, or it was cut.
  std::optional<cluster::agent_question> next_question();
  void tell(const cluster::agent_question& asked, cluster::agent_told what);

  /// Asks, and waits for the answer.
  std::optional<cluster::agent_told> ask(cluster::agent_asks what);

  void say(const cluster::node_words& what);
  /// Says good-bye: it is given up at once.
  void leave();

private:
  std::optional<cluster::node_words> hear();

  raw_peer peer_;
  std::uint64_t number_ = 0;
  std::uint64_t asked_ = 0;
};

} // namespace troupe::test
