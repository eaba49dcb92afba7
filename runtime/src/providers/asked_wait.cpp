#include "providers/asked_wait.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <iomanip>
#include <locale>
#include <optional>
#include <sstream>

namespace troupe::providers {

using protocol::duration;
using protocol::instant;

namespace {

constexpr std::size_t text_bytes_max = 64;
constexpr std::chrono::seconds longest_seconds = std::chrono::days{31};
constexpr duration longest = longest_seconds;
/// An `instant` ends in 2262.
constexpr std::chrono::sys_seconds latest =
    std::chrono::sys_days{std::chrono::year{2200} / 1 / 1};

std::string_view trim(std::string_view text) {
  const auto is_blank = [](char c) {
    return c == ' ' || c == '\t';
  };
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

/// The number at the front of `text`, which is taken away.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto read =
      std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (read.ec != std::errc{} || !std::isfinite(value) || value < 0)
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return value;
}

/// A date of HTTP: as today's, RFC 850's or asctime's.
std::optional<std::chrono::sys_seconds> date_of(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > text_bytes_max)
    return std::nullopt;
  for (const auto* form : {"%a, %d %b %Y %H:%M:%S", "%A, %d-%b-%y %H:%M:%S",
                           "%a %b %d %H:%M:%S %Y"}) {
    std::istringstream in{std::string{text}};
    in.imbue(std::locale::classic());
    std::tm read{};
    in >> std::get_time(&read, form);
    if (in.fail())
      continue;
    const std::chrono::year_month_day day{
        std::chrono::year{read.tm_year + 1900},
        std::chrono::month{static_cast<unsigned>(read.tm_mon + 1)},
        std::chrono::day{static_cast<unsigned>(read.tm_mday)}};
    if (!day.ok())
      return std::nullopt;
    return std::chrono::sys_days{day} + std::chrono::hours{read.tm_hour}
           + std::chrono::minutes{read.tm_min}
           + std::chrono::seconds{read.tm_sec};
  }
  return std::nullopt;
}

/// `6m0s`, `12ms`, `1h2m3.5s`.
std::optional<double> seconds_of_units(std::string_view text) {
  if (text.empty() || text.size() > text_bytes_max)
    return std::nullopt;
  double sum = 0;
  while (!text.empty()) {
    const auto number = take_number(text);
    const auto unit = text.substr(0, text.find_first_of("0123456789."));
    text.remove_prefix(unit.size());
    if (!number)
      return std::nullopt;
    if (unit == "ms")
      sum += *number / 1'000;
    else if (unit == "s")
      sum += *number;
    else if (unit == "m")
      sum += *number * 60;
    else if (unit == "h")
      sum += *number * 3'600;
    else if (unit == "d")
      sum += *number * 86'400;
    else
      return std::nullopt;
  }
  return sum;
}

bool is_used_up(std::string_view remaining) {
  const auto left = read_number(remaining);
  return left && *left == 0;
}

duration longest_reset(const http::response_head& head, instant now) {
  duration wait{};
  const auto look = [&](const std::string& remaining,
                        const std::string& reset) {
    if (is_used_up(head.value_of(remaining)))
      wait = std::max(
          wait, read_reset(head.value_of(reset), now).value_or(duration{}));
  };
  for (const std::string what :
       {"requests", "tokens", "input-tokens", "output-tokens"}) {
    look("anthropic-ratelimit-" + what + "-remaining",
         "anthropic-ratelimit-" + what + "-reset");
    look("x-ratelimit-remaining-" + what, "x-ratelimit-reset-" + what);
  }
  return wait;
}

} // namespace

std::optional<double> read_number(std::string_view text) {
  text = trim(text);
  const auto value = take_number(text);
  return text.empty() ? value : std::nullopt;
}

std::optional<duration> read_reset(std::string_view text, instant now) {
  if (const auto seconds = seconds_of_units(text))
    return bounded_wait(*seconds);
  if (text.size() > text_bytes_max)
    return std::nullopt;
  const auto at = protocol::parse_instant(text);
  if (!at)
    return std::nullopt;
  return std::clamp(*at - now, duration{}, longest);
}

instant time_of(const http::response_head& head, instant now) {
  const auto told = date_of(head.value_of("date"));
  return told ? std::clamp(*told, std::chrono::sys_seconds{}, latest) : now;
}

duration bounded_wait(double seconds) {
  constexpr auto most = static_cast<double>(longest_seconds.count());
  if (!(seconds > 0))
    return {};
  return std::chrono::ceil<duration>(
      std::chrono::duration<double>{std::min(seconds, most)});
}

asked_wait read_asked_wait(const http::response_head& head, instant now) {
  asked_wait out;
  out.is_pointless = trim(head.value_of("x-should-retry")) == "false";
  for (const auto* name : {"retry-after-ms", "x-ms-retry-after-ms"})
    if (const auto ms = read_number(head.value_of(name))) {
      out.length = bounded_wait(*ms / 1'000);
      return out;
    }
  now = time_of(head, now);
  const auto asked = head.value_of("retry-after");
  if (const auto seconds = read_number(asked))
    out.length = bounded_wait(*seconds);
  else if (const auto date = date_of(asked))
    out.length = std::clamp<std::chrono::seconds>(
        *date - std::chrono::floor<std::chrono::seconds>(now),
        std::chrono::seconds{}, longest_seconds);
  else if (head.status == 429)
    out.length = longest_reset(head, now);
  return out;
}

} // namespace troupe::providers
