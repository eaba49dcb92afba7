#pragma once

#include <troupe/protocol/json.hpp>

#include <string_view>

namespace troupe {

/// A described type from its JSON text. Errors: as `parse_json`, `from_json`.
template <class T>
[[nodiscard]] protocol::result<T>
read_json_as(std::string_view text, const protocol::json_limits& limits) {
  const auto value = protocol::parse_json(text, limits);
  if (!value)
    return value.error();
  return protocol::from_json<T>(*value);
}

} // namespace troupe
