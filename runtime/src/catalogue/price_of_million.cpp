#include "catalogue/listed_models.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace troupe::models {

namespace {

constexpr std::size_t digits_max = 40;
constexpr int exponent_max = 30;
constexpr std::int64_t price_max = 1'000'000'000'000'000; // a million USD
/// From dollars for a token to nano-dollars for a million.
constexpr int shift = 15;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Digits without their point; the number is them times ten to the power.
struct decimal {
  std::string digits;
  int power = 0;
};

std::optional<decimal> read_decimal(std::string_view text) {
  decimal out;
  bool has_point = false;
  std::size_t at = 0;
  for (; at < text.size() && (is_digit(text[at]) || text[at] == '.'); ++at) {
    if (text[at] != '.') {
      out.digits += text[at];
      out.power -= has_point ? 1 : 0;
    } else if (has_point || at == 0) {
      return {};
    } else {
      has_point = true;
    }
  }
  if (out.digits.empty() || out.digits.size() > digits_max
      || text[at - 1] == '.')
    return {};
  if (at == text.size())
    return out;
  if (text[at] != 'e' && text[at] != 'E')
    return {};
  text.remove_prefix(at + 1);
  if (text.starts_with('+') && text.size() > 1 && is_digit(text[1]))
    text.remove_prefix(1);
  int exponent = 0;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (problem != std::errc{} || end != text.data() + text.size()
      || exponent > exponent_max || exponent < -exponent_max)
    return {};
  out.power += exponent;
  return out;
}

} // namespace

std::optional<protocol::money> price_of_million(std::string_view for_one) {
  const auto number = read_decimal(for_one);
  if (!number)
    return {};
  std::int64_t nano = 0;
  const auto count = static_cast<int>(number->digits.size());
  const int whole = count + number->power + shift; ///< Digits that stay.
  bool has_rest = false;
  for (int i = 0; i < std::max(whole, count); ++i) {
    const int digit =
        i < count ? number->digits[static_cast<std::size_t>(i)] - '0' : 0;
    if (i >= whole) {
      has_rest = has_rest || digit != 0;
      continue;
    }
    nano = nano * 10 + digit;
    if (nano > price_max)
      return {};
  }
  nano += has_rest ? 1 : 0;
  if (nano > price_max)
    return {};
  return protocol::money{nano};
}

} // namespace troupe::models
