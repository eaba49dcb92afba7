#pragma once

#include "troupe/actors/answer_cache.hpp"

#include <string_view>

/// Which answers may be given to others than those who paid for them.
namespace troupe::actors {

/// The key of a call: its tenant, and all fields but who else pays and whether
/// it is streamed; the tier only where the router chooses. The ids that tie
/// tool results to calls are numbered anew, since providers invent them.
/// `setting` is what else changes answers.
[[nodiscard]] answer_key key_of(const protocol::model_call& call,
                                std::string_view setting);

/// Whether equal calls may share one answer.
[[nodiscard]] bool may_share(const protocol::model_call& call,
                             const answer_limits& limits) noexcept;

/// Whether an answer may be given to equal calls.
[[nodiscard]] bool may_keep(const protocol::model_reply& reply,
                            const answer_limits& limits) noexcept;

/// True for a failure that every equal call would meet.
[[nodiscard]] bool is_of_the_call(protocol::errc code) noexcept;

/// An answer as those get it who do not pay for it.
[[nodiscard]] protocol::model_reply
without_cost(const protocol::model_reply& reply);

/// What an answer weighs in memory beside its key.
[[nodiscard]] std::size_t weight_of(const protocol::model_reply& reply);

} // namespace troupe::actors
