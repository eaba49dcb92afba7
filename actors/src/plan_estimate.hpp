#pragma once

#include "plan_graph.hpp"

#include <troupe/protocol/report.hpp>
#include <troupe/protocol/token_counter.hpp>

#include <vector>

namespace troupe::actors {

/// How long a model takes: its first token, and the tokens that follow.
struct model_pace {
  protocol::duration first_token;
  std::uint64_t tokens_per_second;
};

/// Round figures of what providers show for models they sell as fast, medium
/// and slow; simulated models count the same.
[[nodiscard]] model_pace pace_of(protocol::speed speed) noexcept;

/// The time that a model of this pace takes for `output_tokens`.
[[nodiscard]] protocol::duration time_for(protocol::speed speed,
                                          std::uint64_t output_tokens) noexcept;

/// What each task is expected to take, by mission order. A task of an agent
/// that is not in `agents` (its own code) needs no model, and a task that no
/// model fits has none: their estimates are zero.
[[nodiscard]] std::vector<protocol::task_estimate>
estimate_tasks(const protocol::mission& mission, const plan_graph& graph,
               const std::vector<protocol::agent_spec>& agents,
               const std::vector<protocol::model_spec>& models,
               const protocol::token_counter& counter);

} // namespace troupe::actors
