#pragma once

#include "troupe/actors/caf_types.hpp"

#include <troupe/protocol/mission.hpp>

#include <caf/typed_actor.hpp>

namespace troupe::actors {

/// AGENT: performs tasks, whatever stands behind it.
using agent_actor = caf::typed_actor<
    // Does one task. Answers at the latest when the header's deadline passes or
    // its cancel scope is cancelled. While it works it may send the requester
    // (a `delta_sink_actor`) the text that is arriving and, if the task
    // `wants_progress`, how far it is (to a `task_follower_actor`).
    caf::replies_to<protocol::request<protocol::perform_task>>::with<
        protocol::response<protocol::task_result>>,
    // Ends the tasks under a scope, down to sockets; they answer `cancelled`.
    caf::reacts_to<protocol::coordination<protocol::cancel>>,
    // What somebody tells all agents of a kind; an agent may ignore it.
    caf::reacts_to<protocol::notification<protocol::announcement>>>;

/// Whoever wants to know how a task goes on, from `task_accepted` (or
/// `task_refused`) to `task_finished`.
using task_follower_actor = caf::typed_actor<
    caf::reacts_to<protocol::coordination<protocol::task_accepted>>,
    caf::reacts_to<protocol::coordination<protocol::task_refused>>,
    caf::reacts_to<protocol::coordination<protocol::task_started>>,
    caf::reacts_to<protocol::coordination<protocol::task_progress>>,
    caf::reacts_to<protocol::coordination<protocol::task_finished>>>;

} // namespace troupe::actors
