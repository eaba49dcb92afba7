#include "shown_text.hpp"

namespace troupe::protocol {

std::string shown(std::string_view text, bool escaped, std::size_t bytes_max) {
  std::string out;
  for (const char c : text.substr(0, bytes_max)) {
    const auto code = static_cast<unsigned char>(c);
    if (escaped && c == '~')
      out += "~0";
    else if (escaped && c == '/')
      out += "~1";
    else
      out += code < 0x20 || code == 0x7F ? '?' : c;
  }
  // A cut in the middle of a character would leave bytes that are not UTF-8.
  if (text.size() > bytes_max) {
    while (!out.empty()
           && (static_cast<unsigned char>(out.back()) & 0xC0U) == 0x80U)
      out.pop_back();
    if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0U)
      out.pop_back();
    out += "...";
  }
  return out;
}

} // namespace troupe::protocol
