#pragma once

#include "client_state_words.hpp"

#include <troupe/runtime/runtime.hpp>

namespace troupe::cluster {

/// What a client that asks for shared state is told. Blocking: at most ten
/// seconds.
[[nodiscard]] protocol::result<cli::state_answer>
answer_of_state(runtime& host, const cli::state_question& what);

} // namespace troupe::cluster
