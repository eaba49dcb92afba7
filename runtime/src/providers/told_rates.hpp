#pragma once

#include "http/call.hpp"

#include <troupe/actors/rate_board.hpp>

#include <vector>

namespace troupe::providers {

/// What an answer's headers say is left of the key's limits:
/// `anthropic-ratelimit-*-{limit,remaining,reset}` and
/// `x-ratelimit-{limit,remaining,reset}-*`. Limits without a number of what is
/// left or without a reset are left out, as is what cannot be read.
[[nodiscard]] std::vector<actors::told_rate>
read_told_rates(const http::response_head& head, protocol::instant now);

} // namespace troupe::providers
