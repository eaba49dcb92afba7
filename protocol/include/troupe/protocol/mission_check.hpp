#pragma once

#include "troupe/protocol/field_problem.hpp"
#include "troupe/protocol/mission.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace troupe::protocol {

/// What a mission may be at most. Limits are inclusive.
struct mission_limits {
  std::size_t tasks = 10'000;
  std::size_t inputs = 20'000;
  std::size_t agents = 1'000;
  std::size_t needs = 200'000; ///< Of all tasks together.
  std::size_t input_bytes = 16U << 20U;
  std::size_t inputs_bytes = 128U << 20U; ///< Of all inputs together.
  std::size_t prompt_bytes = 256U << 10U;
  std::size_t instructions_bytes = 256U << 10U;
  std::uint32_t concurrency = 10'000;
  std::uint32_t attempts = 20;
  std::uint32_t output_tokens = 1'000'000;
  std::uint32_t turns = 100;
  duration timeout = std::chrono::hours{24};
  duration deadline = std::chrono::hours{24 * 30};
};

/// True for 1 to 64 letters, digits, '-', '_' and '.', as in names of agents,
/// missions and inputs. ASCII.
[[nodiscard]] bool is_name(std::string_view text) noexcept;

/// True for 1 to 128 letters, digits, '-', '_', '.', '/' and '#'.
[[nodiscard]] bool is_task_id(std::string_view text) noexcept;

/// Tells everything that is wrong with a mission, at most 200 problems; none:
/// it can be run. Checks names, duplicates, unknown agents, skills, needs and
/// inputs (each with the nearest that exists), cycles (each printed whole,
/// `a -> b -> a`), gates, budgets and limits. `known` are the agents that exist
/// beside those of the mission.
/// Pure. Cost: about linear in the mission's size. Thread safety: any thread.
[[nodiscard]] std::vector<field_problem>
check_mission(const mission& mission, std::span<const agent_card> known = {},
              const mission_limits& limits = {});

} // namespace troupe::protocol
