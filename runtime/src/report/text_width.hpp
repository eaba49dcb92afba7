#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace troupe::report {

/// One character of a UTF-8 text.
struct code_point {
  char32_t value = 0xFFFD; ///< U+FFFD for bytes that are not UTF-8.
  std::size_t bytes = 1;
};

/// The first character of `text`, which is not empty.
[[nodiscard]] code_point first_code_point(std::string_view text) noexcept;

/// How many columns of a terminal a text without control characters takes:
/// East Asian wide characters and emoji two, combining marks none.
[[nodiscard]] std::size_t columns_of(std::string_view text) noexcept;

/// The text, or as much of it as fits with a `…` behind it.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t columns);

/// The text filled up with blanks: behind it, or before it.
[[nodiscard]] std::string padded(std::string_view text, std::size_t columns,
                                 bool to_the_right = false);

/// The text with line ends in place of blanks so that no line is wider than
/// `columns`, but for words that are; further lines start with `indent`
/// blanks. No limit with 0. Line ends of the text stay.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t columns,
                                  std::size_t indent);

} // namespace troupe::report
