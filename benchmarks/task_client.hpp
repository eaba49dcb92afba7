#pragma once

#include <troupe/actors/agent.hpp>
#include <troupe/actors/clock.hpp>

#include <caf/all.hpp>

#include <vector>

namespace troupe::benchmarks {

/// Asks one agent to do tasks of `asked_bytes`, over and over.
[[nodiscard]] caf::actor spawn_task_client(caf::actor_system& system,
                                           actors::agent_actor agent,
                                           actors::wall_clock wall);

/// So many tasks, so many at one time; the microseconds that each has taken.
[[nodiscard]] std::vector<double>
ask_tasks(const caf::actor& client, std::size_t count, std::size_t at_once);

/// Tasks at a rate a second, whatever has become of those before; microseconds
/// of each from the moment when it was due.
[[nodiscard]] std::vector<double> offer_tasks(const caf::actor& client,
                                              double rate, double seconds);

} // namespace troupe::benchmarks
