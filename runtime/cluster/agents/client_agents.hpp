#pragma once

#include "agent_desk.hpp"
#include "client_words.hpp"

namespace troupe::cluster {

/// What a client is told of agents. Nothing: it asks for something else.
[[nodiscard]] std::optional<client_told> answer_of_agents(agent_desk& desk,
                                                          client_asks& what);

} // namespace troupe::cluster
