#include "short_text.hpp"

#include "printable.hpp"
#include "text_width.hpp"

namespace troupe::report {

namespace {

constexpr std::size_t bytes_per_column = 6;

/// U+FFFE and U+FFFF are UTF-8, and no characters of XML.
std::string without_non_characters(std::string text) {
  for (const std::string_view each : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})
    for (auto at = text.find(each); at != std::string::npos;
         at = text.find(each, at))
      text.replace(at, each.size(), "\uFFFD");
  return text;
}

} // namespace

std::string_view first_bytes(std::string_view text,
                             std::size_t bytes) noexcept {
  if (text.size() <= bytes)
    return text;
  // A character has at most three bytes behind its first.
  for (int i = 0; i < 3 && bytes > 0; ++i, --bytes)
    if ((static_cast<unsigned char>(text[bytes]) & 0xC0U) != 0x80)
      break;
  return text.substr(0, bytes);
}

std::string document_text(std::string_view text) {
  return without_non_characters(printable(text));
}

std::string document_line(std::string_view text) {
  return without_non_characters(printable_line(text));
}

std::string short_line(std::string_view text, std::size_t columns) {
  const auto most = columns * bytes_per_column;
  // What is cut away first is far behind what can be shown.
  auto line = document_line(first_bytes(text, 4 * most));
  const bool whole = text.size() <= 4 * most && line.size() <= most;
  if (!whole)
    line = std::string(first_bytes(line, most - 3));
  if (whole || columns_of(line) > columns)
    return clipped(line, columns);
  return columns_of(line) == columns ? clipped(line + '.', columns)
                                     : line + "…";
}

} // namespace troupe::report
