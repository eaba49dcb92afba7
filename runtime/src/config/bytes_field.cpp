#include "config/bytes_field.hpp"

#include <charconv>

namespace troupe::config {

namespace {

/// `65536`, `64KiB`, `512MiB` or `2GiB`; nothing when it is none of these.
std::optional<std::uint64_t> bytes_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [last, ec] = std::from_chars(text.data(), end, number);
  if (ec != std::errc{} || number >= 1ULL << 32U)
    return std::nullopt;
  const std::string_view unit{last, static_cast<std::size_t>(end - last)};
  if (unit.empty())
    return number;
  if (unit == "KiB")
    return number << 10U;
  if (unit == "MiB")
    return number << 20U;
  if (unit == "GiB")
    return number << 30U;
  return std::nullopt;
}

} // namespace

std::optional<std::uint64_t> bytes_of(yaml::mapping& fields,
                                      std::string_view key, std::uint64_t least,
                                      std::uint64_t most) {
  std::string text;
  fields.text(key, text);
  const auto* at = fields.at().find(key);
  if (at == nullptr || text.empty())
    return std::nullopt;
  const auto bytes = bytes_in(text);
  if (bytes && *bytes >= least && *bytes <= most)
    return bytes;
  fields.found().add(*at, '\'' + std::string{key}
                              + "' must be bytes like '65536', '64KiB' or "
                                "'512MiB', from "
                              + std::to_string(least) + " to "
                              + std::to_string(most) + ", not "
                              + yaml::in_quotes(text));
  return std::nullopt;
}

} // namespace troupe::config
