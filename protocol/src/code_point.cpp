#include "code_point.hpp"

#include <algorithm>
#include <array>

namespace troupe::protocol {

namespace {

using kind = code_point::kind;

/// What begins at a code point and lasts until the next entry. Coarse: blocks,
/// not characters, since an estimate needs no more.
struct block {
  std::uint32_t begin;
  kind what;
  script writing;
};

constexpr auto latin = script::latin;
constexpr std::array blocks{
    block{0x0080, kind::symbol, latin},
    block{0x00A0, kind::blank, latin},
    block{0x00A1, kind::symbol, latin},
    block{0x00C0, kind::letter, latin},
    block{0x0300, kind::letter, script::other},
    block{0x0370, kind::letter, script::greek},
    block{0x0400, kind::letter, script::cyrillic},
    block{0x0530, kind::letter, script::other},
    block{0x0590, kind::letter, script::hebrew},
    block{0x0600, kind::letter, script::arabic},
    block{0x0780, kind::letter, script::other},
    block{0x0900, kind::letter, script::devanagari},
    block{0x0980, kind::letter, script::devanagari}, // and its relatives
    block{0x0B80, kind::letter, script::tamil},
    block{0x0C00, kind::letter, script::tamil}, // and its neighbours
    block{0x0E00, kind::letter, script::thai},
    block{0x0E80, kind::letter, script::other},
    block{0x1E00, kind::letter, latin},
    block{0x1F00, kind::letter, script::greek},
    block{0x2000, kind::blank, latin},
    block{0x200B, kind::symbol, latin},
    block{0x3000, kind::blank, latin},
    block{0x3001, kind::symbol, latin},
    block{0x3040, kind::letter, script::hiragana},
    block{0x30A0, kind::letter, script::katakana},
    block{0x3100, kind::letter, script::other},
    block{0x3200, kind::symbol, latin},
    block{0x3400, kind::letter, script::han},
    block{0xA000, kind::letter, script::other},
    block{0xAC00, kind::letter, script::hangul},
    block{0xD7B0, kind::symbol, latin},
    block{0xF900, kind::letter, script::han},
    block{0xFB00, kind::letter, script::arabic},
    block{0xFE00, kind::symbol, latin},
    block{0xFE70, kind::letter, script::arabic},
    block{0xFEFF, kind::symbol, latin},
    block{0xFF66, kind::letter, script::katakana},
    block{0xFFA0, kind::symbol, latin},
    block{0x10000, kind::letter, script::rare},
    block{0x1F000, kind::symbol, latin},
    block{0x20000, kind::letter, script::rare},
};

kind ascii_kind(unsigned char c) noexcept {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
    return kind::letter;
  if (c >= '0' && c <= '9')
    return kind::digit;
  if (c == '\n' || c == '\r')
    return kind::newline;
  return c == ' ' || c == '\t' || c == '\v' || c == '\f' ? kind::blank
                                                         : kind::symbol;
}

} // namespace

code_point first_of(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const auto first = byte(0);
  if (first < 0x80)
    return {first, 1, ascii_kind(first), script::latin};
  const std::size_t length = first < 0xC2   ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || text.size() < length)
    return {0xFFFD, 1, kind::symbol, script::latin};
  std::uint32_t value = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U)
      return {0xFFFD, 1, kind::symbol, script::latin};
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  const auto after = std::upper_bound(
      blocks.begin(), blocks.end(), value,
      [](std::uint32_t x, const block& entry) { return x < entry.begin; });
  if (after == blocks.begin()) // an overlong form
    return {0xFFFD, 1, kind::symbol, script::latin};
  const auto& found = *(after - 1);
  return {value, static_cast<std::uint8_t>(length), found.what, found.writing};
}

} // namespace troupe::protocol
