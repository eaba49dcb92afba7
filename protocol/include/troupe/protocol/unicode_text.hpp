#pragma once

#include <cstddef>
#include <string_view>

namespace troupe::protocol {

/// Where `text` stops being UTF-8 (RFC 3629: no surrogates, no overlong forms,
/// nothing beyond U+10FFFF); its size when all of it is.
[[nodiscard]] std::size_t first_not_utf8(std::string_view text) noexcept;

/// True for what an XML 1.0 document can hold: UTF-8 without U+FFFE, U+FFFF
/// and control characters other than tab, line feed and carriage return.
[[nodiscard]] bool is_xml_text(std::string_view text) noexcept;

} // namespace troupe::protocol
