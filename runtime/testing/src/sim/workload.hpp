#pragma once

#include <troupe/protocol/mission.hpp>

#include <chrono>
#include <cstdint>

namespace troupe::testing::sim {

/// Any mission of the agents `hand` (C++), `clerk` (C++, with effects outside)
/// and `writer` (a model with tools); some with little money.
[[nodiscard]] protocol::mission any_mission(std::uint64_t seed);

/// One that must succeed where all is well.
[[nodiscard]] protocol::mission probe_mission();

/// One task of the agent `porter`, which asks its model once and for long.
[[nodiscard]] protocol::mission load_mission(protocol::priority urgency);

/// A call of `porter` takes so long.
inline constexpr std::chrono::milliseconds load_time{500};
/// So many calls may be made of models, and so many runs be open, at one time.
inline constexpr std::uint32_t places = 4;
inline constexpr std::uint32_t runs_max = 24;

/// The agent `porter`, a model without tools.
[[nodiscard]] protocol::agent_spec porter();

/// The agent `writer`.
[[nodiscard]] protocol::agent_spec writer();

} // namespace troupe::testing::sim
