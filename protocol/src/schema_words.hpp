#pragma once

#include "troupe/protocol/result.hpp"

#include <boost/json/value.hpp>
#include <boost/regex.hpp>

#include <map>
#include <string>

namespace troupe::protocol {

inline constexpr int schema_levels_max = 64;

using patterns = std::map<std::string, boost::regex, std::less<>>;

/// Looks at a schema once: its words are known, their values of the right kind,
/// its references lead somewhere. Gathers its regular expressions.
[[nodiscard]] result<void> verify_schema(const boost::json::value& schema,
                                         patterns& all);

/// What `#/$defs/x` stands for in the whole; null: nothing.
[[nodiscard]] const boost::json::value*
find_definition(const boost::json::value& root, std::string_view reference);

/// Errors: as `is_found`.
[[nodiscard]] result<boost::regex> compile_pattern(std::string_view text);
[[nodiscard]] result<bool> search_pattern(const boost::regex& pattern,
                                          std::string_view text);

} // namespace troupe::protocol
