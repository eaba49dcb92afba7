#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace troupe::protocol {

/// JSON for people: a field or an item a line, two spaces a level, a line end
/// at the end. Lists and objects without content stay on their line.
[[nodiscard]] std::string indented_json(const boost::json::value& json);

} // namespace troupe::protocol
