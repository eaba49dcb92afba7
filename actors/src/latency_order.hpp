#pragma once

#include "model_latencies.hpp"
#include "troupe/actors/router_rules.hpp"

#include <vector>

namespace troupe::actors {

/// How many of `chosen`, cheapest first, cost at most `weight_permille` of the
/// cheapest's price more than it: those among which time may decide.
[[nodiscard]] std::size_t
near_in_price(const std::vector<std::size_t>& chosen,
              const std::vector<protocol::model_spec>& models,
              const model_need& need, std::uint32_t weight_permille);

/// Orders the `near_in_price` ones of `chosen` by the median of the times that
/// their answers took; of equal ones the cheaper stays first. Those whose time
/// is not known yet come first, so that it becomes known. With weight 0 the
/// order stays as it is.
void prefer_fast(std::vector<std::size_t>& chosen,
                 const std::vector<protocol::model_spec>& models,
                 const model_need& need, const model_latencies& times,
                 std::uint32_t weight_permille);

} // namespace troupe::actors
