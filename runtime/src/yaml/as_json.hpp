#pragma once

#include "yaml/document.hpp"

#include <boost/json/value.hpp>

namespace troupe::yaml {

/// What a node is in JSON. Scalars without quotes are what YAML 1.2 makes of
/// them: null, true and false, whole numbers, numbers with a point or an
/// exponent; all others are texts. A key of a mapping is text.
[[nodiscard]] boost::json::value as_json(const node& at);

} // namespace troupe::yaml
