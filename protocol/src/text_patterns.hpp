#pragma once

#include <string_view>

/// Regular expressions of the texts that some values have in JSON and XML, for
/// schemas; both sorts of schema read them alike.
namespace troupe::protocol::patterns {

inline constexpr std::string_view id =
    "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
inline constexpr std::string_view instant =
    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z";
inline constexpr std::string_view duration =
    "[0-9]{1,18}(\\.[0-9]{1,9})?(ms|s|m|h|d)";
inline constexpr std::string_view money =
    "-?[$]?[0-9]{1,18}(\\.[0-9]{1,9})?( ?USD)?";

} // namespace troupe::protocol::patterns
