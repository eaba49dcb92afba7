#pragma once

#include "troupe/actors/agent.hpp"
#include "troupe/actors/clock.hpp"
#include "troupe/actors/health_book.hpp"
#include "troupe/actors/incarnation_book.hpp"
#include "troupe/actors/stand_in_book.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace troupe::actors {

/// Asks the REGISTRY for one agent per query, handles included. Stays within a
/// process: for agents of other nodes somebody stands in.
struct locate_agents {
  std::vector<protocol::discover_agents> queries;
  std::size_t others_max = 0; ///< More with the same skill, of each query.
  bool is_here_only = false;  ///< Never one who stands in for them.
};

/// What it has to answer, before it counts as gone.
inline constexpr std::chrono::seconds registry_patience{5};

/// Asks for one agent by its name.
[[nodiscard]] inline locate_agents locate_named(const std::string& name) {
  return {{{name, {}, protocol::tier::basic, 1}}};
}

/// Asks for this node's own agent of that name.
[[nodiscard]] inline locate_agents locate_here(const std::string& name) {
  return {{{name, {}, protocol::tier::basic, 1}}, 0, true};
}

struct located_agent {
  std::string name;
  agent_actor handle;
};

/// Answers `locate_agents`: by query, the best match.
struct agents_located {
  std::vector<protocol::agent_card> cards;
  std::vector<agent_actor> handles;
  /// By query: who comes next; empty without a skill.
  std::vector<std::vector<located_agent>> others{};
};

/// REGISTRY: one per node; knows who is there. Forgets an agent that ends.
using registry_actor = caf::typed_actor<
    // Makes an agent known under its card, replacing one of the same name.
    caf::replies_to<protocol::request<protocol::register_agent>, agent_actor>::
        with<protocol::response<protocol::agent_registered>>,
    // Looks agents up by name, skill, tags, tier and free text.
    caf::replies_to<protocol::request<protocol::discover_agents>>::with<
        protocol::response<protocol::agents_found>>,
    // The same with handles, many at once; `unknown_agent` if one is missing.
    caf::replies_to<locate_agents>::with<agents_located>,
    // Tells something to all agents of a kind, each of them once: one shared
    // message, in stretches, so that other questions are answered meanwhile.
    caf::replies_to<protocol::request<protocol::broadcast>>::with<
        protocol::response<protocol::broadcast_sent>>>;

struct registry_config {
  std::size_t agents_max = 2'000'000;
  wall_clock clock;
  std::uint64_t seed = 0; ///< Of the ids of its messages.
  /// Of agents that tell their incarnation; null: one of its own.
  std::shared_ptr<incarnation_book> lives{};
  /// Who is not well is offered behind the others; null: nobody looks.
  std::shared_ptr<const health_book> health{};
  /// Who is given in the place of agents that other nodes have too; null:
  /// there are no others.
  std::shared_ptr<const stand_in_book> stand_ins{};
};

[[nodiscard]] registry_actor spawn_registry(caf::actor_system& system,
                                            registry_config config = {});

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::locate_agents)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::agents_located)
