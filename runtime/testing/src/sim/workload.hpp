#pragma once

#include <troupe/protocol/mission.hpp>

#include <cstdint>

namespace troupe::testing::sim {

/// Any mission of the agents `hand` (C++), `clerk` (C++, with effects outside)
/// and `writer` (a model with tools); some with little money.
[[nodiscard]] protocol::mission any_mission(std::uint64_t seed);

/// One that must succeed where all is well.
[[nodiscard]] protocol::mission probe_mission();

/// The agent `writer`.
[[nodiscard]] protocol::agent_spec writer();

} // namespace troupe::testing::sim
