#include "engine/cascade_child.hpp"

#include <troupe/actors/cascade.hpp>

#include <caf/all.hpp>

namespace troupe {

actors::child_spec
cascade_child(role_handles& handles, const runtime_config& config,
              const std::vector<protocol::model_spec>& models,
              const actors::wall_clock& clock,
              std::function<std::uint64_t()> next_seed) {
  return {"cascade",
          [&handles, &config, &models, clock,
           next_seed = std::move(next_seed)](caf::actor_system& system) {
            const auto cache = handles.get(&roles::cache);
            actors::cascade_config to;
            to.router = cache ? cache : handles.get(&roles::router);
            to.models = models;
            to.verifier = config.verifier;
            to.calls_max = config.limits.calls_in_flight;
            to.patience = config.routing.patience;
            to.clock = clock;
            to.seed = next_seed();
            return handles.set(&roles::cascade,
                               actors::spawn_cascade(system, std::move(to)));
          }};
}

} // namespace troupe
