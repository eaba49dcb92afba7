#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/child_start.hpp"
#include "troupe/actors/clock.hpp"
#include "troupe/actors/supervision.hpp"
#include "troupe/actors/supervisor_description.hpp"

#include <caf/actor.hpp>
#include <caf/typed_actor.hpp>

#include <functional>
#include <string>
#include <vector>

namespace troupe::actors {

/// What is to be said of a child beside its state, for people; short. Called
/// on its supervisor; must not block.
using child_remark = std::function<std::string()>;

/// Is told why a supervisor ends by itself, before it tells any child to stop.
/// Called on the supervisor; must not block.
using before_end = std::function<void(const protocol::error&)>;

struct child_spec {
  std::string id;
  child_start start;
  restart_type restart = restart_type::permanent;
  /// How long it may take to stop before it is killed; `brutal_kill` and
  /// `no_stop_limit` are limits too.
  std::chrono::milliseconds shutdown{5'000};
  /// A supervisor has started when its children have; its start function must
  /// return what `spawn_supervisor` does.
  child_kind kind = child_kind::worker;
  bool is_significant = false;
  child_remark remark{};
};

struct supervisor_config {
  std::string name = "supervisor";
  restart_strategy strategy = restart_strategy::one_for_one;
  std::uint32_t intensity = 3; ///< Restarts allowed within `period`.
  std::chrono::milliseconds period{5'000};
  std::vector<child_spec> children; ///< Started in this order.
  auto_shutdown ends = auto_shutdown::never;
  restart_backoff backoff{};
  std::uint64_t seed = 0; ///< Of the pauses of `backoff`.
  wall_clock clock{};     ///< Whose time the first incarnation is.
  before_end at_failure{};
};

/// Adds a child while the supervisor runs. One of the same id is stopped first
/// and keeps its place, unless `replaces` is false: then it is an error. The
/// answer comes when a new child has been started, or when one that is replaced
/// has been told to stop.
/// Errors: those of its start function; `invalid_request`, `cancelled` when the
/// supervisor ends, `overloaded`.
struct start_child {
  child_spec spec;
  bool replaces = true;
};
struct child_started {};

/// Stops a child. It is not started again, but kept, unless it is temporary.
/// Errors: `invalid_request` when there is none; `cancelled`, `overloaded`.
struct terminate_child {
  std::string id;
};
struct child_terminated {};

/// Starts a child that does not live. Errors: as of `start_child`.
struct restart_child {
  std::string id;
};

/// Forgets a child that does not live. Errors: as of `terminate_child`.
struct delete_child {
  std::string id;
};
struct child_deleted {};

/// Answers with the children, in starting order, when those that the
/// supervisor begins with have been started.
struct list_children {};
struct child_state {
  std::string id;
  bool is_alive = false;
  std::uint32_t restarts = 0;
  std::uint64_t incarnation = 0;
  child_kind kind = child_kind::worker;
  caf::actor handle{}; ///< While it lives.
};
struct children_listed {
  std::vector<child_state> children;
};

/// Stops all children and the supervisor; who lives after `limit` is killed.
/// Supervisors under it are bound by it as well.
struct stop_within {
  std::chrono::milliseconds limit{};
};

/// A supervisor asks one under it to tell when its children have been started.
struct tell_opened {
  caf::actor to;
  std::uint64_t incarnation = 0;
};

/// SUPERVISOR: starts its children in order, restarts them by its strategy,
/// stops them in reverse order when it ends (docs/supervision.md). More than
/// `intensity` restarts within `period`: it stops all children and ends with
/// `restart_limit`. A first start that fails: it stops those before and ends
/// with the cause.
using supervisor_actor = caf::typed_actor<
    caf::replies_to<start_child>::with<child_started>,
    caf::replies_to<terminate_child>::with<child_terminated>,
    caf::replies_to<restart_child>::with<child_started>,
    caf::replies_to<delete_child>::with<child_deleted>,
    caf::replies_to<list_children>::with<children_listed>,
    caf::replies_to<describe_supervisor>::with<supervisor_described>,
    caf::reacts_to<stop_within>, caf::reacts_to<tell_opened>>;

[[nodiscard]] supervisor_actor spawn_supervisor(caf::actor_system& system,
                                                supervisor_config config);

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::start_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::child_started)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::terminate_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::child_terminated)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::restart_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::delete_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::child_deleted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::list_children)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::children_listed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::stop_within)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::tell_opened)
