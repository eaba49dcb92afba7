#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

/// Reads foreign JSON that may lack anything: no member is required, none may
/// be of the wrong type without being taken as absent.
namespace troupe::providers {

/// The object under `key`, or null.
[[nodiscard]] const boost::json::object*
object_in(const boost::json::object& from, std::string_view key);

/// The array under `key`, or null.
[[nodiscard]] const boost::json::array*
array_in(const boost::json::object& from, std::string_view key);

/// The text under `key`, or empty. Lives as long as `from`.
[[nodiscard]] std::string_view text_in(const boost::json::object& from,
                                       std::string_view key);

/// The whole number of 0 to 2^53 under `key`.
[[nodiscard]] std::optional<std::uint64_t>
count_in(const boost::json::object& from, std::string_view key);

} // namespace troupe::providers
