#pragma once

#include "troupe/runtime/runtime.hpp"

#include <vector>

/// The agents and tools that the acceptance missions may name; each does one
/// thing. `tests/missions/README.md` lists them.
namespace troupe::test {

/// Their cards, for `mission_options::known_agents`.
[[nodiscard]] std::vector<protocol::agent_card> test_cards();

/// Adds them, and the tools `test_lint` and `test_tide`. In a second process,
/// which goes on with a run, `test-slow` answers at once.
[[nodiscard]] protocol::result<void> add_test_agents(runtime& to,
                                                     bool is_second_process);

} // namespace troupe::test
