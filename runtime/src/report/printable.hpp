#pragma once

#include <string>
#include <string_view>

namespace troupe::report {

/// Text that a terminal shows and does not obey, made of text that nobody
/// vouches for: no escape sequences, no control characters, no marks that turn
/// the direction of writing; bytes that are not UTF-8 become U+FFFD.
/// Line ends and tabs stay.
[[nodiscard]] std::string printable(std::string_view text);

/// As `printable`, on one line: line ends and tabs become blanks.
[[nodiscard]] std::string printable_line(std::string_view text);

} // namespace troupe::report
