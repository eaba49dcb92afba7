#pragma once

#include "troupe/actors/router.hpp"

#include <functional>
#include <vector>

namespace troupe::actors {

/// How good an answer is, up to 1,000, as a program finds it. It is called
/// inside the cascade, one call at a time: it must not block. One that throws
/// has found nothing good.
using answer_verifier = std::function<std::uint32_t(
    const protocol::model_call& call, const protocol::model_reply& reply)>;

struct cascade_config {
  router_actor router; ///< Whom it asks: the router, or what stands before it.
  std::vector<protocol::model_spec> models; ///< That the router may choose.
  answer_verifier verifier; ///< Asked in place of a judge; none: a model is.
  std::size_t calls_max = 10'000; ///< Open here; beyond: `overloaded`.
  /// How long a call may take when its header names no deadline.
  protocol::duration patience = std::chrono::minutes{5};
  wall_clock clock;
  std::uint64_t seed = 0;
};

/// CASCADE: stands before the router and speaks as it does. A call with a plan
/// (`terms.cascade`) goes to the lowest tier of the plan that has a model;
/// where the answer does not pass, to the next tier, up to the call's own,
/// whose answer is always taken. A tier below the call's may take half of the
/// time that is left, its check included. The reply's cost, tokens and attempts
/// are those of all calls that were made for it. Text is told as one piece when
/// it is taken; only the call's own tier streams. When the money does not
/// suffice for the next tier, the best answer so far is given where the call
/// allows `cheaper`. Calls without a plan, or that name their model, are
/// between their sender and the router.
[[nodiscard]] router_actor spawn_cascade(caf::actor_system& system,
                                         cascade_config config);

} // namespace troupe::actors
