#pragma once

#include "plan_graph.hpp"

#include <troupe/protocol/time.hpp>

#include <vector>

namespace troupe::actors {

/// For each task the time of the longest chain that starts with it.
[[nodiscard]] std::vector<protocol::duration>
longest_chains(const plan_graph& graph,
               const std::vector<protocol::duration>& times);

/// The longest chain of all, first task to last; ties by mission order.
[[nodiscard]] std::vector<std::uint32_t>
critical_chain(const plan_graph& graph,
               const std::vector<protocol::duration>& chains);

/// When the last task ends if each starts as soon as its needs are met and one
/// of `mission.concurrency` places is free, in the order in which a run gives
/// places: the wave, then the urgency, then the longest chain, then position.
[[nodiscard]] protocol::duration
list_schedule(const protocol::mission& mission, const plan_graph& graph,
              const std::vector<protocol::duration>& times,
              const std::vector<protocol::duration>& chains);

} // namespace troupe::actors
