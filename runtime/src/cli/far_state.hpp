#pragma once

#include <troupe/protocol/state.hpp>
#include <troupe/runtime/state.hpp>

#include <functional>
#include <variant>

namespace troupe::cli {

/// What a command asks of the shared state of a node, and is told.
using state_question = std::variant<protocol::write_state, protocol::read_state,
                                    protocol::list_state>;
using state_answer =
    std::variant<protocol::state_written, protocol::state_value,
                 protocol::state_listed>;

/// Takes what a follower is told; false: that was enough.
using state_watcher = std::function<bool(const state_event&)>;

} // namespace troupe::cli
