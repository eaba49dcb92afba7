#pragma once

#include <string>
#include <string_view>

namespace troupe::tools {

/// What others have written as text that JSON can hold: bytes that are not
/// UTF-8 and zeros become U+FFFD.
[[nodiscard]] std::string clean_text(std::string_view bytes);

/// The last `most` bytes of it, from the begin of a character on, without
/// blanks at its ends.
[[nodiscard]] std::string last_words(std::string_view bytes, std::size_t most);

} // namespace troupe::tools
