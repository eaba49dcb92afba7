#pragma once

#include "troupe/actors/caf_types.hpp"

#include <troupe/protocol/time.hpp>

#include <caf/actor.hpp>
#include <caf/typed_actor.hpp>

#include <functional>
#include <string>
#include <vector>

namespace troupe::actors {

/// What a child's death means for the others (Erlang/OTP's supervisor).
enum class restart_strategy {
  one_for_one,  ///< Only the dead child is started again.
  one_for_all,  ///< All others are stopped, then all are started.
  rest_for_one, ///< Those started after it are stopped and started with it.
};

/// Which deaths a child is started again after.
enum class restart_type {
  permanent, ///< All.
  transient, ///< Abnormal ones.
  temporary, ///< None.
};

struct child_spec {
  std::string id;
  /// Starts the child; called on the supervisor. Must not block. An invalid
  /// handle or an exception counts as a failure of the start.
  std::function<caf::actor(caf::actor_system&)> start;
  restart_type restart = restart_type::permanent;
  /// How long it may take to stop before it is killed; positive.
  std::chrono::milliseconds shutdown{5'000};
};

struct supervisor_config {
  std::string name = "supervisor";
  restart_strategy strategy = restart_strategy::one_for_one;
  std::uint32_t intensity = 3; ///< Restarts allowed within `period`.
  std::chrono::milliseconds period{5'000};
  std::vector<child_spec> children; ///< Started in this order.
};

/// Adds a child while the supervisor runs; replaces one of the same id, which
/// is stopped first. The answer comes when a new child has been started, or
/// when one that is replaced has been told to stop.
struct start_child {
  child_spec spec;
};
struct child_started {};

/// Answers with the children that live, in starting order.
struct list_children {};
struct child_state {
  std::string id;
  bool is_alive = false;
  std::uint32_t restarts = 0;
};
struct children_listed {
  std::vector<child_state> children;
};

/// SUPERVISOR: starts its children in order, restarts them by its strategy,
/// stops them in reverse order when it ends. More than `intensity` restarts
/// within `period`: it stops all children and ends with `restart_limit`.
using supervisor_actor =
    caf::typed_actor<caf::replies_to<start_child>::with<child_started>,
                     caf::replies_to<list_children>::with<children_listed>>;

[[nodiscard]] supervisor_actor spawn_supervisor(caf::actor_system& system,
                                                supervisor_config config);

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::start_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::child_started)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::list_children)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::children_listed)
