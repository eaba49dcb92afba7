#pragma once

#include "troupe/protocol/header.hpp"

namespace troupe::protocol {

/// A message of another major version may mean something else by the same
/// fields, so it is refused before any of them is read.
[[nodiscard]] constexpr bool is_readable_version(std::uint16_t version) {
  return version / 256 == schema_version / 256;
}

/// `schema version 2.0, expected 1.x`
[[nodiscard]] inline std::string refusal_of_version(std::uint16_t version) {
  return "schema version " + std::to_string(version / 256) + '.'
         + std::to_string(version % 256) + ", expected "
         + std::to_string(schema_version / 256) + ".x";
}

} // namespace troupe::protocol
