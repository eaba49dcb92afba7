#pragma once

#include <troupe/protocol/chat.hpp>
#include <troupe/protocol/result.hpp>

#include <boost/json/value.hpp>

#include <string_view>

namespace troupe::providers {

/// The schema of a tool's input, or `otherwise` when it has none.
/// Errors: `invalid_request` when it is not a JSON object.
[[nodiscard]] protocol::result<boost::json::value>
schema_of(const protocol::tool_spec& tool, std::string_view otherwise);

} // namespace troupe::providers
