#include "http/url.hpp"

#include <algorithm>
#include <charconv>

namespace troupe::http {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t url_chars_max = 2048;

bool is_plain(char c) {
  return c > ' ' && c < '\x7f' && c != '@' && c != '?' && c != '#' && c != '\\'
         && c != '"' && c != '<' && c != '>';
}

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_ipv6_char(char c) {
  return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')
         || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

/// Splits `host:port`; false when it is neither.
bool read_authority(std::string_view text, origin& out) {
  std::string_view port;
  bool host_ok = false;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos)
      return false;
    out.host = text.substr(1, close - 1);
    port = text.substr(close + 1);
    host_ok = std::ranges::all_of(out.host, is_ipv6_char);
  } else {
    const auto colon = text.find(':');
    out.host = text.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view{}
                                           : text.substr(colon);
    host_ok = std::ranges::all_of(out.host, is_host_char);
  }
  if (!host_ok || out.host.empty() || out.host.size() > 253)
    return false;
  if (port.empty())
    return true;
  const auto* end = port.data() + port.size();
  const auto read = std::from_chars(port.data() + 1, end, out.port);
  return port.front() == ':' && read.ec == std::errc{} && read.ptr == end
         && out.port != 0;
}

} // namespace

std::string host_header(const origin& to) {
  const bool v6 = to.host.find(':') != std::string::npos;
  std::string text = v6 ? "[" + to.host + "]" : to.host;
  if (to.port != (to.tls ? 443 : 80))
    text += ":" + std::to_string(to.port);
  return text;
}

bool is_loopback(const origin& to) {
  return to.host == "localhost" || to.host == "::1"
         || (to.host.starts_with("127.")
             && std::ranges::all_of(to.host, [](char c) {
                  return c == '.' || (c >= '0' && c <= '9');
                }));
}

result<base_url> parse_base_url(std::string_view text) {
  if (text.size() > url_chars_max)
    return fail(errc::config_invalid, "base URL above 2048 characters");
  if (!std::ranges::all_of(text, is_plain))
    return fail(errc::config_invalid, "base URL: a character not allowed");
  base_url out;
  constexpr std::string_view https = "https://";
  constexpr std::string_view http = "http://";
  if (text.starts_with(https)) {
    text.remove_prefix(https.size());
  } else if (text.starts_with(http)) {
    text.remove_prefix(http.size());
    out.at.tls = false;
    out.at.port = 80;
  } else {
    return fail(errc::config_invalid, "base URL: expected https:// or http://");
  }
  const auto slash = text.find('/');
  if (!read_authority(text.substr(0, slash), out.at))
    return fail(errc::config_invalid, "base URL: bad host or port");
  if (slash != std::string_view::npos)
    out.path = text.substr(slash);
  while (out.path.ends_with('/'))
    out.path.pop_back();
  return out;
}

} // namespace troupe::http
