#pragma once

#include "wide_integer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace troupe::protocol {

/// `magnitude / 10^9` in as many digits as needed: `0.0125`, `3`.
std::string billionths_text(std::uint64_t magnitude);

/// A decimal number cut off the front of `text`: digits, then perhaps a point
/// and one to nine digits. In billionths; none for anything else, or beyond
/// 18 digits before the point.
std::optional<wide_integer> take_billionths(std::string_view& text);

} // namespace troupe::protocol
