#include "tools/url_template.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <set>

namespace troupe::tools {

namespace json = boost::json;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t target_bytes_max = 8U << 10U;

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool is_unreserved(char c) {
  return is_name_char(c) || c == '.' || c == '~';
}

bool is_target_char(char c) {
  return c > ' ' && c < '\x7f' && c != '#' && c != '\\' && c != '"' && c != '<'
         && c != '>' && c != '{' && c != '}';
}

std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

/// As it stands in an address; nothing for what has parts.
std::optional<std::string> plain(const json::value& value) {
  if (const auto* text = value.if_string())
    return std::string{*text};
  if (value.is_number() || value.is_bool())
    return json::serialize(value);
  return std::nullopt;
}

result<std::vector<std::string>> parts_of(std::string_view text) {
  std::vector<std::string> parts(1);
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '{') {
      if (!is_target_char(c))
        return fail(errc::config_invalid, "URL: a character not allowed");
      parts.back() += c;
      continue;
    }
    const auto end = text.find('}');
    const auto name = text.substr(0, end);
    if (end == std::string_view::npos || name.empty()
        || !std::all_of(name.begin(), name.end(), is_name_char))
      return fail(errc::config_invalid,
                  "URL: '{' begins the name of an argument, as in '{city}'");
    parts.emplace_back(name);
    parts.emplace_back();
    text.remove_prefix(end + 1);
  }
  return parts;
}

bool has_bad_segment(std::string_view target, bool is_filled) {
  auto path = target.substr(0, target.find('?'));
  while (is_filled && !path.empty()) {
    path.remove_prefix(1); // '/'
    const auto segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == ".." || segment.empty())
      return true;
    path.remove_prefix(segment.size());
  }
  return false;
}

void add_query(std::string& target, std::string_view name,
               const json::value& value) {
  target += target.find('?') == std::string::npos ? '?' : '&';
  target += encoded(name) + '=';
  const auto text = plain(value);
  target += encoded(text ? *text : json::serialize(value));
}

} // namespace

result<url_template> parse_url_template(std::string_view text) {
  const auto scheme = text.find("://");
  const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto slash = text.find_first_of("/?#", begin);
  auto base = http::parse_base_url(text.substr(0, slash));
  if (!base)
    return base.error();
  url_template made;
  made.at = std::move(base->at);
  auto rest = slash == std::string_view::npos ? std::string_view{"/"}
                                              : text.substr(slash);
  if (rest.front() != '/' || rest.size() > target_bytes_max)
    return fail(errc::config_invalid,
                "URL: a path that begins with '/' and has at most 8 KiB");
  auto parts = parts_of(rest);
  if (!parts)
    return parts.error();
  made.parts = std::move(*parts);
  return made;
}

result<filled_request> fill(const url_template& url, http_method method,
                            const json::object& arguments) {
  filled_request made;
  std::set<std::string_view> named;
  bool fills_path = false;
  for (std::size_t i = 0; i < url.parts.size(); ++i) {
    const auto& part = url.parts[i];
    if (i % 2 == 0) {
      made.target += part;
      continue;
    }
    const auto* given = arguments.if_contains(part);
    const auto text = given == nullptr ? std::nullopt : plain(*given);
    if (!text)
      return fail(errc::invalid_request,
                  "the argument '" + part
                      + (given == nullptr ? "' is missing"
                                          : "' must be text or a number"));
    fills_path = fills_path || made.target.find('?') == std::string::npos;
    made.target += encoded(*text);
    named.insert(part);
  }
  if (has_bad_segment(made.target, fills_path))
    return fail(errc::invalid_request,
                "an argument makes a part of the path that is '.', '..' or "
                "empty");
  const bool has_body =
      method == http_method::POST || method == http_method::PUT;
  json::object body;
  for (const auto& [name, value] : arguments)
    if (named.count(name) != 0)
      continue;
    else if (has_body)
      body[name] = value;
    else
      add_query(made.target, name, value);
  if (has_body)
    made.body = json::serialize(body);
  if (made.target.size() > target_bytes_max)
    return fail(errc::limit_exceeded, "the address is above 8 KiB");
  return made;
}

result<place> follow(const place& from, std::string_view location) {
  const auto refused = [] {
    return fail(errc::url_forbidden, "a redirect to what is no address of a "
                                     "server");
  };
  location = location.substr(0, location.find('#'));
  if (location.empty() || location.size() > target_bytes_max
      || !std::all_of(location.begin(), location.end(), is_target_char))
    return refused();
  const std::string scheme = from.at.tls ? "https:" : "http:";
  std::string whole{location};
  if (whole.starts_with("//")) {
    whole = scheme + whole;
  } else if (whole.find("://") == std::string::npos
             || whole.find("://") > whole.find_first_of("/?")) {
    const auto path = from.target.substr(0, from.target.find('?'));
    if (whole.front() == '?')
      whole = path + whole;
    else if (whole.front() != '/')
      whole = path.substr(0, path.rfind('/') + 1) + whole;
    return place{from.at, whole};
  }
  const auto begin = whole.find("://") + 3;
  const auto slash = whole.find_first_of("/?", begin);
  auto base = http::parse_base_url(whole.substr(0, slash));
  if (!base)
    return refused();
  if (from.at.tls && !base->at.tls)
    return fail(errc::url_forbidden, "a redirect from https to http");
  auto target = slash == std::string::npos ? "/" : whole.substr(slash);
  if (target.front() == '?')
    target = '/' + target;
  return place{std::move(base->at), std::move(target)};
}

} // namespace troupe::tools
