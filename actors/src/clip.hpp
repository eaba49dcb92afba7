#pragma once

#include <cstddef>
#include <string_view>

namespace troupe::actors {

/// The first `bytes_max` bytes (at least 4) of a UTF-8 text, without half a
/// character at the end.
[[nodiscard]] std::string_view clip(std::string_view text,
                                    std::size_t bytes_max) noexcept;

} // namespace troupe::actors
