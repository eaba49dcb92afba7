#include "tokens/split.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace troupe::tokens {

namespace {

bool is_tail(unsigned char byte) {
  return (byte & 0xC0U) == 0x80U;
}

/// Length of the well-formed character at the start of `text`; 0: none.
/// Overlong forms, surrogates and values over U+10FFFF are not well-formed.
std::size_t character_length(const unsigned char* text, std::size_t left) {
  const auto first = text[0];
  if (first < 0x80)
    return 1;
  if (first < 0xC2 || first > 0xF4)
    return 0;
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (left < length)
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!is_tail(text[i]))
      return 0;
  const auto second = text[1];
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)
      || (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
    return 0;
  return length;
}

} // namespace

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = 0;
    if (text.size() - at >= 8) {
      std::memcpy(&eight, text.data() + at, 8);
      if ((eight & 0x8080808080808080ULL) == 0) {
        at += 8;
        continue;
      }
    }
    std::array<unsigned char, 4> bytes{};
    const auto left = std::min<std::size_t>(text.size() - at, 4);
    std::memcpy(bytes.data(), text.data() + at, left);
    const auto length = character_length(bytes.data(), left);
    if (length == 0)
      break;
    at += length;
  }
  return at;
}

} // namespace troupe::tokens
