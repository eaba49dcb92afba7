#include "troupe/protocol/money.hpp"

#include "decimal.hpp"

#include <algorithm>

namespace troupe::protocol {

namespace {

constexpr std::uint64_t billion = 1'000'000'000;

std::uint64_t magnitude_of(money value) noexcept {
  const auto bits = static_cast<std::uint64_t>(value.nano_usd);
  return value.nano_usd < 0 ? 0 - bits : bits;
}

/// `nano` rounded half up to a multiple of `unit`, at least `unit` below it.
std::uint64_t rounded(std::uint64_t nano, std::uint64_t unit) {
  return (nano + unit / 2) / unit * unit;
}

std::string with_commas(std::string digits) {
  for (auto i = digits.size(); i > 3; i -= 3)
    digits.insert(i - 3, 1, ',');
  return digits;
}

std::string below_a_dollar(std::uint64_t nano) {
  std::uint64_t unit = 1;
  while (nano / unit >= 10'000)
    unit *= 10;
  auto text = billionths_text(rounded(nano, unit));
  if (text.find('.') == std::string::npos)
    text += '.';
  const auto decimals = text.size() - text.find('.') - 1;
  if (decimals < 2)
    text.append(2 - decimals, '0');
  return text;
}

} // namespace

money operator+(money a, money b) noexcept {
  return {saturated(wide_integer{a.nano_usd} + b.nano_usd)};
}

money operator-(money a, money b) noexcept {
  return {saturated(wide_integer{a.nano_usd} - b.nano_usd)};
}

std::string to_text(money value) {
  return (value.nano_usd < 0 ? "-" : "") + billionths_text(magnitude_of(value));
}

result<money> parse_money(std::string_view text) {
  const auto refuse = [] {
    return fail(errc::malformed_message,
                "expected dollars like 0.0125, with at most nine decimals");
  };
  const bool negative = text.starts_with('-');
  if (negative)
    text.remove_prefix(1);
  if (text.starts_with('$'))
    text.remove_prefix(1);
  const auto nano = take_billionths(text);
  if (!nano || (!text.empty() && text != "USD" && text != " USD"))
    return refuse();
  const auto value = negative ? -*nano : *nano;
  if (value != saturated(value))
    return fail(errc::malformed_message,
                "an amount beyond 9.2 billion dollars");
  return money{saturated(value)};
}

std::string for_people(money value) {
  if (value == money::max())
    return "no limit";
  const auto nano = magnitude_of(value);
  std::string text = value.nano_usd < 0 ? "-$" : "$";
  if (nano < billion)
    return text + below_a_dollar(nano);
  const auto cents = nano / (billion / 100)
                     + (nano % (billion / 100) >= billion / 200 ? 1 : 0);
  const auto rest = std::to_string(cents % 100);
  return text + with_commas(std::to_string(cents / 100)) + '.'
         + (rest.size() < 2 ? "0" : "") + rest;
}

money scaled_up(money amount, std::uint64_t numerator,
                std::uint64_t denominator) noexcept {
  const auto product = wide_integer{amount.nano_usd} * numerator;
  if (denominator == 0)
    return {saturated(product > 0 ? wide_integer{INT64_MAX} : product)};
  return {saturated(divided_up(product, denominator))};
}

} // namespace troupe::protocol
