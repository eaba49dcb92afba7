#pragma once

#include "troupe/runtime/catalogue.hpp"
#include "troupe/runtime/provider_config.hpp"

#include <troupe/protocol/mission.hpp>
#include <troupe/protocol/report.hpp>
#include <troupe/protocol/result.hpp>
#include <troupe/protocol/token_counter.hpp>

#include <vector>

namespace troupe {

/// What tasks may choose from, and what tells why they cannot. Refers to its
/// parts, which must outlive it.
struct model_offer {
  const std::vector<protocol::model_spec>& callable;
  const catalogue& known;
  const std::vector<provider_config>& providers;
  const protocol::token_counter& counter;
};

/// Whether each task of a model agent finds a model. Tasks must name their
/// agents and tiers; those of agents that are not in `agents` need no model.
/// With `estimates`, by mission order, a prompt counts with what the task's
/// needs are expected to answer.
/// Errors: `no_model_fits` names the task and the nearest model;
/// `provider_unauthorized` the variable of a key without which the task's own
/// model cannot be called.
[[nodiscard]] protocol::result<void>
check_models_fit(const protocol::mission& mission,
                 const std::vector<protocol::agent_spec>& agents,
                 const model_offer& offer,
                 const std::vector<protocol::task_estimate>& estimates = {});

/// Whether the first task can be paid for by the mission's budget and its own,
/// with the cheapest model that fits, or that its cascade begins with; one of a
/// mission with steps on shortage always can. Tasks as above.
/// Errors: `budget_exhausted`.
[[nodiscard]] protocol::result<void>
check_first_payable(const protocol::mission& mission,
                    const std::vector<protocol::agent_spec>& agents,
                    const model_offer& offer);

} // namespace troupe
