#include "printable.hpp"

#include "text_width.hpp"

namespace troupe::report {

namespace {

constexpr char32_t escape = 0x1B;

bool is_between(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

/// Controls of ASCII and Latin-1, marks of writing direction, line separators
/// that only some terminals know.
bool is_hidden(char32_t c) {
  return c < 0x20 || is_between(c, 0x7F, 0x9F) || is_between(c, 0x200E, 0x200F)
         || is_between(c, 0x2028, 0x202E) || is_between(c, 0x2066, 0x2069)
         || c == 0x061C || c == 0xFEFF;
}

/// The bytes of the escape sequence that `text` starts with. One that is never
/// ended takes its introducer only, so that it cannot swallow the text.
std::size_t escape_bytes(std::string_view text) {
  const char kind = text.size() > 1 ? text[1] : '\0';
  if (kind == '[') {
    std::size_t i = 2;
    while (i < text.size() && text[i] >= 0x20 && text[i] <= 0x3F)
      ++i;
    return i < text.size() && text[i] >= 0x40 && text[i] <= 0x7E ? i + 1 : 2;
  }
  if (kind == ']' || kind == 'P' || kind == '_' || kind == '^' || kind == 'X') {
    const auto part = text.substr(0, 4096);
    const auto end = part.find_first_of("\x07\x1b", 2);
    if (end == std::string_view::npos)
      return 2;
    return part[end] == '\x07' ? end + 1 : std::min(end + 2, text.size());
  }
  return kind >= 0x20 && kind <= 0x7E ? 2 : 1;
}

std::string shown(std::string_view text, bool keep_lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto c = first_code_point(text);
    if (c.value == escape) {
      text.remove_prefix(escape_bytes(text));
      continue;
    }
    if (c.value == '\n' || c.value == '\t')
      out += keep_lines ? static_cast<char>(c.value) : ' ';
    else if (c.value == 0xFFFD)
      out += "\uFFFD";
    else if (!is_hidden(c.value))
      out += text.substr(0, c.bytes);
    text.remove_prefix(c.bytes);
  }
  return out;
}

} // namespace

std::string printable(std::string_view text) {
  return shown(text, true);
}

std::string printable_line(std::string_view text) {
  return shown(text, false);
}

} // namespace troupe::report
