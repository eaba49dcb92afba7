#include "tools/tool_text.hpp"

#include <troupe/protocol/unicode_text.hpp>

namespace troupe::tools {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view blanks = " \t\r\n";

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

} // namespace

std::string clean_text(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const auto good = bytes.substr(0, protocol::first_not_utf8(bytes));
    for (const char c : good)
      if (c == '\0')
        text += replacement;
      else
        text += c;
    bytes.remove_prefix(good.size());
    if (bytes.empty())
      break;
    text += replacement;
    bytes.remove_prefix(1);
    while (!bytes.empty() && is_continuation(bytes.front()))
      bytes.remove_prefix(1);
  }
  return text;
}

std::string last_words(std::string_view bytes, std::size_t most) {
  if (bytes.size() > most)
    bytes.remove_prefix(bytes.size() - most);
  while (!bytes.empty() && is_continuation(bytes.front()))
    bytes.remove_prefix(1);
  const auto first = bytes.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  bytes = bytes.substr(first, bytes.find_last_not_of(blanks) - first + 1);
  return clean_text(bytes);
}

} // namespace troupe::tools
