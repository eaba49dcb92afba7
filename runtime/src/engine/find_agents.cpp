#include "engine/find_agents.hpp"

#include "engine/ask_actor.hpp"
#include "engine/assignments.hpp"
#include "engine/tree_children.hpp"

#include <caf/all.hpp>

namespace troupe {

protocol::result<actors::agents_located>
find_agents(caf::actor_system& system, const role_handles& handles,
            const protocol::mission& mission) {
  const auto ask = [&] {
    return ask_for<actors::agents_located>(
        system, handles.get(&roles::registry), "the registry is gone",
        agents_wanted(mission));
  };
  auto found = ask();
  if (found || found.error().code != protocol::errc::unknown_agent)
    return found;
  // A supervisor that is starting a child answers when it has done so, and the
  // child has registered by then.
  (void)tree_below(system, handles.get(&roles::agents), {});
  return ask();
}

} // namespace troupe
