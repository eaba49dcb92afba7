#pragma once

#include "troupe/actors/router_rules.hpp"

#include <vector>

namespace troupe::actors {

/// Why none of `models` fits: names the constraint that none of those that met
/// the ones before it has met, and the nearest model. Only where none fits.
[[nodiscard]] protocol::error
no_model_fits(const std::vector<protocol::model_spec>& models,
              const model_need& need);

} // namespace troupe::actors
