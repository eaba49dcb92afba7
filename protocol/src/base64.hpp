#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace troupe::protocol {

/// RFC 4648, section 4, with padding, without line ends.
[[nodiscard]] std::string to_base64(std::string_view bytes);

/// None for anything that `to_base64` cannot have written.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

} // namespace troupe::protocol
