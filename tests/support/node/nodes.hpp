#pragma once

#include "support/catch.hpp"

#include <troupe/cluster/node.hpp>

#include <functional>

/// Nodes of one process, on loopback, without certificates.
namespace troupe::test {

/// Asks again until it is so, at most ten seconds.
[[nodiscard]] bool becomes(const std::function<bool()>& is_so);

/// With signs of life that are quick to miss.
[[nodiscard]] cluster::node_config
node_named(const std::string& name, const std::vector<std::string>& seeds = {});

[[nodiscard]] std::unique_ptr<cluster::node>
start_node(const std::string& name, const std::vector<std::string>& seeds = {});

/// What a node knows of another one; its state is "nowhere" when that is
/// nothing.
[[nodiscard]] node_view view_of(cluster::node& from, const std::string& other);
[[nodiscard]] bool sees(cluster::node& from, const std::string& other,
                        const std::string& state);

/// An agent that always answers the same.
void add_teller(cluster::node& to, const std::string& agent,
                const std::string& answer);

/// Waits until a mission for that agent may be started there.
[[nodiscard]] bool has_agent(cluster::node& it, const std::string& agent);
/// Waits until somebody stands for it there.
[[nodiscard]] bool has_stand_in(cluster::node& it, const std::string& agent);

/// So many tasks for one agent, without needs.
[[nodiscard]] protocol::mission mission_for(const std::string& agent,
                                            std::size_t tasks = 1);

} // namespace troupe::test
