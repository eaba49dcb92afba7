#include "troupe/protocol/print.hpp"

namespace troupe::protocol {

namespace {

constexpr std::size_t shown_max = 80;
constexpr std::string_view hex_digits = "0123456789abcdef";

/// How much of `text` to show without cutting a UTF-8 character in two.
std::size_t shown_length(std::string_view text) {
  if (text.size() <= shown_max)
    return text.size();
  std::size_t length = shown_max;
  while (length > shown_max - 4
         && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
    --length;
  return length;
}

} // namespace

void print_quoted(std::string& out, std::string_view text) {
  const auto length = shown_length(text);
  out += '"';
  for (const char c : text.substr(0, length)) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out.append(1, '\\').append(1, c);
    else if (c == '\n')
      out += "\\n";
    else if (code < 0x20 || code == 0x7F)
      out.append("\\x")
          .append(1, hex_digits[code >> 4U])
          .append(1, hex_digits[code & 15U]);
    else
      out += c;
  }
  out += '"';
  if (length < text.size())
    out += "... (" + std::to_string(text.size()) + " bytes)";
}

} // namespace troupe::protocol
