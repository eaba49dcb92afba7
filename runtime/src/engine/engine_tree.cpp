// The part of the engine that knows its tree as a whole.
#include "engine/ask_actor.hpp"
#include "engine/engine.hpp"
#include "engine/health_parts.hpp"
#include "engine/tree_children.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace troupe {

using protocol::result;

// The last: none of the others holds its handle, so none falls with it.
actors::child_spec engine::state_child() {
  return {"state-store", [this](caf::actor_system& system) {
            const auto& from = config_.state;
            actors::state_limits to;
            to.keys = from.keys_max;
            to.bytes = from.bytes_max;
            to.value_bytes = from.value_bytes_max;
            // With its key and book-keeping, the largest value must fit.
            to.change_bytes = std::max(to.change_bytes, to.value_bytes + 1'024);
            to.history = from.versions_max;
            to.history_bytes = from.history_bytes_max;
            to.subscriptions = from.subscriptions_max;
            if (options_.state_front)
              return roles_.set(&roles::state,
                                options_.state_front(system, to));
            return roles_.set(
                &roles::state,
                actors::spawn_state_store(system, {to, clock_, next_seed(),
                                                   state_mark_, books_.lives}));
          }};
}

result<protocol::tree_node> engine::tree() {
  auto all = tree_below(system_, root_, {});
  if (const auto why = faults_.failure())
    return *why;
  return all;
}

result<protocol::health_report> engine::health() {
  if (const auto why = faults_.failure())
    return *why;
  auto report = health_of(system_, root_, journal_);
  if (books_.health)
    report.agents = books_.health->unwell(now());
  return report;
}

/// The tree ends by itself. Runs are told before anybody is stopped, so that
/// none of them takes that for a failure of its agents.
void engine::fall(const protocol::error& why) {
  if (!faults_.fail(why))
    return;
  std::vector<std::shared_ptr<mission_run::shared_state>> open;
  {
    const std::lock_guard lock{mutex_};
    open = runs_;
  }
  for (const auto& run : open)
    run->leave(faults_.failure());
}

} // namespace troupe
