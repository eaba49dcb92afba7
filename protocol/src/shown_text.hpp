#pragma once

#include <string>
#include <string_view>

namespace troupe::protocol {

/// Foreign text made fit for an error: at most `bytes_max`, printable; escaped
/// as RFC 6901 asks of a step in a pointer, when `escaped`.
[[nodiscard]] std::string shown(std::string_view text, bool escaped,
                                std::size_t bytes_max = 64);

/// `, expected one of: a, b, c`
[[nodiscard]] std::string expected_one_of(const auto& names) {
  std::string all;
  for (const auto& each : names)
    all += (all.empty() ? ", expected one of: " : ", ") + std::string(each);
  return all;
}

} // namespace troupe::protocol
