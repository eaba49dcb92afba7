#include "providers/http_provider.hpp"
#include "providers/key_file.hpp"

#include <algorithm>
#include <array>

namespace troupe::providers {

using protocol::errc;
using protocol::fail;

namespace {

bool is_token_char(char c) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
}

bool is_value_char(char c) {
  return c == '\t' || (c >= ' ' && c <= '~');
}

std::string in_lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Headers that decide framing or carry the key are ours.
bool is_reserved(const std::string& name) {
  constexpr std::array<std::string_view, 8> ours{
      "host",          "content-length", "transfer-encoding", "connection",
      "authorization", "x-api-key",      "accept-encoding",   "content-type"};
  return std::ranges::find(ours, in_lower_case(name)) != ours.end();
}

protocol::result<void> check_headers(const http::header_list& headers) {
  for (const auto& [name, value] : headers) {
    if (name.empty() || !std::ranges::all_of(name, is_token_char))
      return fail(errc::config_invalid, "headers: a name that is not one");
    if (is_reserved(name))
      return fail(errc::config_invalid, "headers: '" + name + "' is set by us");
    if (!std::ranges::all_of(value, is_value_char))
      return fail(errc::config_invalid,
                  "headers: '" + name + "' has a control character");
  }
  return {};
}

} // namespace

protocol::result<void> validate(const http_provider_config& config) {
  using std::chrono::milliseconds;
  if (config.name.empty())
    return fail(errc::config_invalid, "name: empty");
  const auto url = http::parse_base_url(config.base_url);
  if (!url)
    return url.error();
  if (!url->at.tls && !config.allows_plain_http && !http::is_loopback(url->at))
    return fail(errc::config_invalid,
                "base URL: plain http to another machine");
  if (!config.io)
    return fail(errc::config_invalid, "io: missing");
  if (config.connections_max == 0)
    return fail(errc::config_invalid, "connections_max: at least 1");
  const auto& limits = config.timeouts;
  if (std::min({limits.connect, limits.first_byte, limits.idle,
                config.call_limit, config.pace.first, config.pace.next,
                config.pace.window})
      <= milliseconds::zero())
    return fail(errc::config_invalid, "timeouts: must be positive");
  if (!config.api_key.empty())
    if (auto good = check_key(config.api_key); !good)
      return good;
  return check_headers(config.headers);
}

http::header_list openrouter_headers(std::string site, std::string title) {
  http::header_list headers;
  if (!site.empty())
    headers.emplace_back("HTTP-Referer", std::move(site));
  if (!title.empty())
    headers.emplace_back("X-Title", std::move(title));
  return headers;
}

} // namespace troupe::providers
