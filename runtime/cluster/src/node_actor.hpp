#pragma once

#include "shared_tier.hpp"
#include "stand_in.hpp"
#include "troupe/cluster/node.hpp"

#include <troupe/runtime/agent_place.hpp>

namespace troupe::cluster {

/// A seed has said who it is.
struct seed_found {
  std::string address;
  std::shared_ptr<const hello> theirs;
};
struct node_tick {};
/// This node leads now, or does no more.
struct leading_changed {};

/// Asks the NODE whom it knows, itself included.
struct list_nodes {};
struct nodes_listed {
  std::vector<node_view> nodes;
};
/// Asks the NODE for the agents that it knows of, and where they are.
struct list_agents {};
struct agents_listed {
  std::vector<agent_place> places;
};
/// Connects to a node at an address that nobody has told of.
struct join_node {
  std::string address;
};
/// Takes a node out, of this node's table and all others'. It may come back
/// when it is started again.
struct remove_node {
  std::string name;
};
/// The node takes no new tasks from others, or takes them again.
struct drain_node {
  std::string name;
  bool is_on = true;
};
struct node_done {};
/// Asks for the link to a node. Stays within a process.
struct find_link {
  std::string name;
};
struct link_found {
  link_actor link; ///< Null: there is none.
  std::shared_ptr<link_status> status;
};
/// Says good-bye to all, and ends.
struct end_node {};

/// NODE: one per node of a cluster; knows the others, keeps a link to each, and
/// has somebody stand in for the agents that they have.
using node_actor =
    caf::typed_actor<caf::reacts_to<peer_says>, caf::reacts_to<peer_changed>,
                     caf::reacts_to<hello_arrived>, caf::reacts_to<seed_found>,
                     caf::reacts_to<node_tick>, caf::reacts_to<leading_changed>,
                     caf::replies_to<list_nodes>::with<nodes_listed>,
                     caf::replies_to<list_agents>::with<agents_listed>,
                     caf::replies_to<join_node>::with<node_done>,
                     caf::replies_to<remove_node>::with<node_done>,
                     caf::replies_to<drain_node>::with<node_done>,
                     caf::replies_to<find_link>::with<link_found>,
                     caf::reacts_to<end_node>>;

class agent_desk;

struct node_actor_config {
  std::shared_ptr<link_parts> parts;
  std::vector<std::string> seeds;
  placement how = placement::balanced;
  std::size_t members_max = 1'000;
  std::uint64_t seed = 0; ///< Of ids.
  /// The agents that this node has of its own.
  std::function<std::vector<protocol::agent_card>()> own_agents;
  std::shared_ptr<actors::stand_in_book> stand_ins;
  std::shared_ptr<std::atomic<bool>> is_draining;
  /// Null: the cluster keeps nothing together.
  std::shared_ptr<shared_tier> shared;
  std::shared_ptr<agent_desk> desk; ///< Of agents that are started and moved.
};

[[nodiscard]] node_actor spawn_node(caf::actor_system& system,
                                    node_actor_config config);

} // namespace troupe::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::seed_found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::node_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::leading_changed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::list_nodes)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::nodes_listed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::list_agents)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::agents_listed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::join_node)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::remove_node)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::drain_node)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::node_done)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::find_link)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::link_found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::end_node)
