#pragma once

#include "troupe/actors/caf_types.hpp"

#include <caf/typed_actor.hpp>

namespace troupe::actors {

/// Whoever wants the pieces of a streamed answer as they arrive.
using delta_sink_actor = caf::typed_actor<
    caf::reacts_to<protocol::notification<protocol::model_delta>>>;

/// PROVIDER: carries model calls to one endpoint family. The one place that
/// knows a wire format; sockets live in the runtime.
using provider_actor = caf::typed_actor<
    // One call, never repeated here: retries and fallbacks are the router's.
    // `model` is the provider's own name for the model. Ends by the header's
    // deadline, or when its `cancel_scope` is cancelled, and closes its socket
    // then. With `stream`, `model_delta`s go to the sender, whose interface is
    // a `delta_sink_actor`, before the answer; their header's `correlation` is
    // the request's id. The reply's `cost` is left to the router.
    caf::replies_to<protocol::request<protocol::model_call>>::with<
        protocol::response<protocol::model_reply>>,
    // Ends the calls under a scope; they answer `cancelled`.
    caf::reacts_to<protocol::coordination<protocol::cancel>>>;

} // namespace troupe::actors
