#include "troupe/protocol/time.hpp"

#include "decimal.hpp"

#include <array>

namespace troupe::protocol {

namespace {

using std::chrono::days;
using std::chrono::floor;

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr wide_integer years_10_ns = wide_integer{3650} * 86'400 * second_ns;

std::string padded(std::uint64_t value, std::size_t width) {
  auto text = std::to_string(value);
  return text.size() < width ? std::string(width - text.size(), '0') + text
                             : text;
}

/// `text` holds digits where `form` has '0' and equals it elsewhere.
bool has_form(std::string_view text, std::string_view form) {
  if (text.size() != form.size())
    return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !digit : text[i] != form[i])
      return false;
  }
  return true;
}

int number_at(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(from, count))
    value = value * 10 + (c - '0');
  return value;
}

error bad_instant(std::string_view why) {
  return fail(errc::malformed_message, std::string(why));
}

/// The part after the seconds: nothing or `.25`, then `Z`. In nanoseconds.
std::optional<std::int64_t> take_fraction(std::string_view text) {
  if (text == "Z")
    return 0;
  std::string decimal = "0" + std::string(text.substr(0, 11));
  std::string_view rest = decimal;
  const auto value = take_billionths(rest);
  if (!value || !text.starts_with('.') || rest != "Z")
    return {};
  return static_cast<std::int64_t>(*value);
}

struct duration_unit {
  std::string_view suffix;
  std::int64_t ns;
};
constexpr std::array<duration_unit, 5> duration_units{{
    {"ms", 1'000'000},
    {"s", second_ns},
    {"m", 60 * second_ns},
    {"h", 3600 * second_ns},
    {"d", 86'400 * second_ns},
}};

std::string pair_text(std::uint64_t a, std::string_view a_unit, std::uint64_t b,
                      std::string_view b_unit) {
  return std::to_string(a) + ' ' + std::string(a_unit) + ' ' + padded(b, 2)
         + ' ' + std::string(b_unit);
}

} // namespace

std::string to_text(instant value) {
  // By hand: the midnight before the earliest instant is not an instant.
  auto whole = value.time_since_epoch().count() / second_ns;
  auto rest = value.time_since_epoch().count() % second_ns;
  if (rest < 0) {
    rest += second_ns;
    --whole;
  }
  const std::chrono::sys_seconds time{std::chrono::seconds{whole}};
  const auto day = floor<days>(time);
  const std::chrono::year_month_day date{day};
  const auto s = static_cast<std::uint64_t>((time - day).count());
  const auto year = static_cast<std::uint64_t>(static_cast<int>(date.year()));
  return padded(year, 4) + '-' + padded(unsigned{date.month()}, 2) + '-'
         + padded(unsigned{date.day()}, 2) + 'T' + padded(s / 3600, 2) + ':'
         + padded(s / 60 % 60, 2) + ':' + padded(s % 60, 2)
         + billionths_text(static_cast<std::uint64_t>(rest)).substr(1) + 'Z';
}

result<instant> parse_instant(std::string_view text) {
  constexpr std::string_view form = "0000-00-00T00:00:00";
  if (text.size() > 30 || !has_form(text.substr(0, form.size()), form))
    return bad_instant("expected a time like 2026-11-21T05:20:03.25Z");
  const auto fraction = take_fraction(text.substr(form.size()));
  if (!fraction)
    return bad_instant("expected a time in UTC that ends in Z");
  const std::chrono::year_month_day date{
      std::chrono::year{number_at(text, 0, 4)},
      std::chrono::month{static_cast<unsigned>(number_at(text, 5, 2))},
      std::chrono::day{static_cast<unsigned>(number_at(text, 8, 2))}};
  const int hour = number_at(text, 11, 2);
  const int minute = number_at(text, 14, 2);
  const int second = number_at(text, 17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59)
    return bad_instant("no such day or time of day");
  const std::chrono::sys_days day{date};
  const wide_integer seconds =
      wide_integer{day.time_since_epoch().count()} * 86'400 + hour * 3600
      + minute * 60 + second;
  const wide_integer ns = seconds * second_ns + *fraction;
  if (ns != saturated(ns))
    return bad_instant("expected a time between 1678 and 2261");
  return instant{duration{saturated(ns)}};
}

std::string to_text(duration value) {
  const auto bits = static_cast<std::uint64_t>(value.count());
  const bool negative = value.count() < 0;
  return (negative ? "-" : "") + billionths_text(negative ? 0 - bits : bits)
         + 's';
}

result<duration> parse_duration(std::string_view text) {
  const auto refuse = [](std::string_view why) {
    return fail(errc::malformed_message, std::string(why));
  };
  const auto count = take_billionths(text);
  const duration_unit* unit = nullptr;
  for (const auto& candidate : duration_units)
    if (candidate.suffix == text)
      unit = &candidate;
  if (!count || unit == nullptr)
    return refuse("expected a duration like 250ms, 1.5s, 5m, 2h or 1d");
  const auto billionths = *count * unit->ns;
  if (billionths % second_ns != 0)
    return refuse("a duration finer than a nanosecond");
  if (billionths / second_ns > years_10_ns)
    return refuse("a duration of more than 10 years");
  return duration{saturated(billionths / second_ns)};
}

std::string for_people(duration value) {
  const auto bits = static_cast<std::uint64_t>(value.count());
  if (value.count() < 0)
    return '-' + for_people(duration{saturated(-wide_integer{value.count()})});
  const auto ms = bits / 1'000'000;
  const auto s = ms / 1000;
  if (ms == 0)
    return bits == 0 ? "0 ms" : "<1 ms";
  if (s == 0)
    return std::to_string(ms) + " ms";
  if (s < 60)
    return std::to_string(s) + '.' + std::to_string(ms % 1000 / 100) + " s";
  if (s < 3600)
    return pair_text(s / 60, "m", s % 60, "s");
  if (s < 86'400)
    return pair_text(s / 3600, "h", s / 60 % 60, "m");
  return pair_text(s / 86'400, "d", s / 3600 % 24, "h");
}

} // namespace troupe::protocol
