#pragma once

#include "yaml/mapping.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace troupe::config {

/// A field like `65536`, `64KiB`, `512MiB` or `2GiB`; nothing when it is not
/// there, or is a problem.
[[nodiscard]] std::optional<std::uint64_t> bytes_of(yaml::mapping& fields,
                                                    std::string_view key,
                                                    std::uint64_t least,
                                                    std::uint64_t most);

template <class T>
void read_bytes(yaml::mapping& fields, std::string_view key, T& out,
                std::uint64_t least, std::uint64_t most) {
  if (const auto bytes = bytes_of(fields, key, least, most))
    out = static_cast<T>(*bytes);
}

} // namespace troupe::config
