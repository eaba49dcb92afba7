#include "text_width.hpp"

#include <algorithm>
#include <array>

namespace troupe::report {

namespace {

struct span_of_code_points {
  char32_t first;
  char32_t last;
};

/// Marks that stand on the character before them, joiners, and signs without
/// a shape; the blocks that occur in running text, not all of Unicode's.
constexpr std::array<span_of_code_points, 18> without_width{{
    {0x0300, 0x036F},
    {0x0483, 0x0489},
    {0x0591, 0x05BD},
    {0x0610, 0x061A},
    {0x064B, 0x065F},
    {0x0900, 0x0902},
    {0x093A, 0x093A},
    {0x0941, 0x0948},
    {0x0E31, 0x0E31},
    {0x0E34, 0x0E3A},
    {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF},
    {0x200B, 0x200F},
    {0x20D0, 0x20FF},
    {0x2060, 0x2064},
    {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F},
    {0xE0100, 0xE01EF},
}};

constexpr std::array<span_of_code_points, 16> wide{{
    {0x1100, 0x115F},
    {0x231A, 0x231B},
    {0x23E9, 0x23EC},
    {0x2614, 0x2615},
    {0x2705, 0x2705},
    {0x274C, 0x274C},
    {0x2E80, 0x303E},
    {0x3041, 0x33FF},
    {0x3400, 0x4DBF},
    {0x4E00, 0xA4CF},
    {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},
    {0x1F300, 0x3FFFD},
}};

template <std::size_t Size>
bool is_in(const std::array<span_of_code_points, Size>& spans, char32_t c) {
  const auto it = std::lower_bound(
      spans.begin(), spans.end(), c,
      [](const auto& span, char32_t x) { return span.last < x; });
  return it != spans.end() && it->first <= c;
}

std::size_t columns_of(char32_t c) noexcept {
  if (c < 0x0300)
    return 1;
  if (is_in(without_width, c))
    return 0;
  return is_in(wide, c) ? 2 : 1;
}

unsigned byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
}

/// The length that a first byte promises; 0 for one that cannot be first.
std::size_t promised_bytes(unsigned first) {
  if (first < 0x80)
    return 1;
  if (first < 0xC2 || first > 0xF4)
    return 0;
  return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

} // namespace

code_point first_code_point(std::string_view text) noexcept {
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const auto first = byte_at(text, 0);
  const auto bytes = promised_bytes(first);
  if (bytes == 0 || bytes > text.size())
    return {};
  if (bytes == 1)
    return {first, 1};
  char32_t value = first & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte_at(text, i) & 0xC0U) != 0x80)
      return {};
    value = (value << 6U) | (byte_at(text, i) & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least[bytes] || value > 0x10FFFF || surrogate)
    return {};
  return {value, bytes};
}

std::size_t columns_of(std::string_view text) noexcept {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto c = first_code_point(text);
    columns += columns_of(c.value);
    text.remove_prefix(c.bytes);
  }
  return columns;
}

std::string clipped(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns)
    return std::string(text);
  if (columns == 0)
    return {};
  std::size_t used = 0;
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const auto c = first_code_point(text.substr(bytes));
    if (used + columns_of(c.value) > columns - 1)
      break;
    used += columns_of(c.value);
    bytes += c.bytes;
  }
  return std::string(text.substr(0, bytes)) + "…";
}

std::string padded(std::string_view text, std::size_t columns,
                   bool to_the_right) {
  const auto used = columns_of(text);
  const std::string blanks(columns > used ? columns - used : 0, ' ');
  return to_the_right ? blanks + std::string(text) : std::string(text) + blanks;
}

std::string wrapped(std::string_view text, std::size_t columns,
                    std::size_t indent) {
  if (columns == 0)
    return std::string(text);
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" \n", 1), text.size());
    auto piece = text.substr(0, end); // a blank or line end, and a word
    text.remove_prefix(end);
    if (piece.front() == '\n')
      used = 0;
    const auto width = columns_of(piece) - (piece.front() == '\n' ? 1 : 0);
    if (used + width > columns && piece.front() == ' ' && used > indent) {
      out += '\n' + std::string(indent, ' ');
      piece.remove_prefix(1);
      used = indent + width - 1;
    } else {
      used += width;
    }
    out += piece;
  }
  return out;
}

} // namespace troupe::report
