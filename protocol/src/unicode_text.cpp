#include "troupe/protocol/unicode_text.hpp"

#include <cstdint>
#include <cstring>

namespace troupe::protocol {

namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080ULL;

/// How many bytes from `at` on are ASCII, in steps of eight.
std::size_t ascii_run(std::string_view text, std::size_t at) noexcept {
  const auto begin = at;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & high_bits) != 0)
      break;
  }
  return at - begin;
}

/// The bytes of the character at `at`; 0 when they are not UTF-8.
std::size_t character_size(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i])
                                : std::uint8_t{0};
  };
  const auto follows = [&](std::size_t i, unsigned min = 0x80,
                           unsigned max = 0xBF) {
    return byte(i) >= min && byte(i) <= max;
  };
  const unsigned first = byte(0);
  if (first < 0x80)
    return 1;
  if (first < 0xC2 || first > 0xF4)
    return 0;
  if (first < 0xE0)
    return follows(1) ? 2 : 0;
  if (first < 0xF0) {
    const unsigned min = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned max = first == 0xED ? 0x9F : 0xBF;
    return follows(1, min, max) && follows(2) ? 3 : 0;
  }
  const unsigned min = first == 0xF0 ? 0x90 : 0x80;
  const unsigned max = first == 0xF4 ? 0x8F : 0xBF;
  return follows(1, min, max) && follows(2) && follows(3) ? 4 : 0;
}

bool is_xml_character(std::string_view bytes) noexcept {
  if (bytes.size() == 1) {
    const auto c = static_cast<unsigned char>(bytes[0]);
    return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
  }
  return bytes != "\xEF\xBF\xBE" && bytes != "\xEF\xBF\xBF";
}

} // namespace

std::size_t first_not_utf8(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    at += ascii_run(text, at);
    if (at == text.size())
      break;
    const auto size = character_size(text, at);
    if (size == 0)
      return at;
    at += size;
  }
  return at;
}

bool is_xml_text(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const auto size = character_size(text, at);
    if (size == 0 || !is_xml_character(text.substr(at, size)))
      return false;
    at += size;
  }
  return true;
}

} // namespace troupe::protocol
