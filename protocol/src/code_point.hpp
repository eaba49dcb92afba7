#pragma once

#include "text_shape.hpp"

#include <cstdint>
#include <string_view>

namespace troupe::protocol {

/// A character as the estimate sees it.
struct code_point {
  enum class kind : std::uint8_t { letter, digit, newline, blank, symbol };

  std::uint32_t value = 0;
  std::uint8_t bytes = 1; ///< 1 also for a byte that is not UTF-8.
  kind what = kind::symbol;
  script writing = script::latin; ///< Of letters.
};

/// The character at the start of `text`, which is not empty.
[[nodiscard]] code_point first_of(std::string_view text) noexcept;

} // namespace troupe::protocol
