#pragma once

#include <troupe/protocol/model.hpp>
#include <troupe/protocol/token_counter.hpp>

#include <cstdint>

namespace troupe::actors {

/// Cuts down what was said before, until the prompt of `call` has at most
/// `tokens_max` tokens as `counter` bounds them, or as far as it goes: first
/// results of tools, then what the model said, then what it was told; of each
/// the longest pieces, to their most telling sentences. The first message of
/// the user and the last message stay as they are, as do calls of tools,
/// thinking, and which part stands where.
/// False: it cannot be shorter, and is as it was. Blocking: never; some 5 ms
/// for calls of any size.
[[nodiscard]] bool compact(protocol::model_call& call, std::uint64_t tokens_max,
                           const protocol::token_counter& counter);

/// Takes the tools away and tells the model to finish. What it called before
/// and what that gave is told as text, since providers take parts of tools only
/// where tools are offered; the prompt is shorter in any case.
/// False: there are no tools, and it is as it was.
[[nodiscard]] bool wrap_up(protocol::model_call& call);

} // namespace troupe::actors
