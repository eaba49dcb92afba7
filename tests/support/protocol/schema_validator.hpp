#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace troupe::protocol::test {

/// Checks `json` against `schema`, for the keywords that troupe's schemas use.
/// Empty when valid; else the first contradiction. A keyword that it does not
/// know is a contradiction too, so that no rule goes unchecked.
[[nodiscard]] std::string schema_violation(const boost::json::value& schema,
                                           const boost::json::value& json);

} // namespace troupe::protocol::test
