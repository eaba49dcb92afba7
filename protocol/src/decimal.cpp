#include "decimal.hpp"

#include <algorithm>

namespace troupe::protocol {

namespace {

constexpr std::uint64_t billion = 1'000'000'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& text) {
  const auto* end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  const auto digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

} // namespace

std::string billionths_text(std::uint64_t magnitude) {
  auto text = std::to_string(magnitude / billion);
  if (const auto rest = magnitude % billion; rest != 0) {
    auto digits = std::to_string(rest);
    digits.insert(0, 9 - digits.size(), '0');
    digits.erase(digits.find_last_not_of('0') + 1);
    text += '.' + digits;
  }
  return text;
}

std::optional<wide_integer> take_billionths(std::string_view& text) {
  const auto whole = take_digits(text);
  if (whole.empty() || whole.size() > 18)
    return {};
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty() || fraction.size() > 9)
      return {};
  }
  wide_integer value = 0;
  for (const char c : whole)
    value = value * 10 + (c - '0');
  for (std::size_t i = 0; i < 9; ++i)
    value = value * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  return value;
}

} // namespace troupe::protocol
