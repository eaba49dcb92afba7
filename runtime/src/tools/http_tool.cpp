#include "tools/http_tool.hpp"

#include "providers/key_file.hpp"
#include "tools/call_end.hpp"
#include "tools/http_caller.hpp"
#include "tools/tool_text.hpp"

#include <troupe/protocol/json.hpp>

#include <algorithm>

namespace troupe::tools {

using protocol::errc;
using protocol::error;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t complaint_bytes = 2U << 10U;

bool is_variable_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// What all calls of one tool share.
struct http_tool_parts {
  tool_config config;
  url_template url;
  http::header_list headers;
  http::header_list secret_headers;
  std::vector<providers::secret> keys;
  std::shared_ptr<http_caller> caller;

  [[nodiscard]] std::string shown(std::string_view text) const {
    std::string safe{text};
    for (const auto& key : keys)
      safe = key.redacted(safe);
    return safe;
  }
};

/// `value` with the keys that its `$NAME`s stand for.
result<std::string> with_keys(std::string_view value, http_tool_parts& to) {
  std::string made;
  while (!value.empty()) {
    const auto dollar = value.find('$');
    made += value.substr(0, dollar);
    if (dollar == std::string_view::npos)
      break;
    value.remove_prefix(dollar + 1);
    const auto* end =
        std::find_if_not(value.begin(), value.end(), is_variable_char);
    const std::string name{value.begin(), end};
    value.remove_prefix(name.size());
    const auto& files = to.config.http.key_files;
    const auto file = files.find(name);
    auto key = providers::load_api_key(
        name, file == files.end() ? std::string{} : file->second);
    if (!key)
      return fail(key.error().code, "tool '" + to.config.name + "', '" + name
                                        + "': " + key.error().detail);
    made += key->reveal();
    to.keys.push_back(std::move(*key));
  }
  return made;
}

result<void> read_headers(http_tool_parts& to) {
  for (const auto& [name, value] : to.config.http.headers) {
    auto whole = with_keys(value, to);
    if (!whole)
      return whole.error();
    auto& where = *whole == value ? to.headers : to.secret_headers;
    where.emplace_back(name, std::move(*whole));
  }
  return {};
}

http_wish wish_of(const http_tool_parts& parts, filled_request filled,
                  std::string_view key) {
  http_wish wish;
  wish.method = protocol::enum_name(parts.config.http.method);
  wish.to = {parts.url.at, std::move(filled.target)};
  wish.headers = parts.headers;
  wish.secret_headers = parts.secret_headers;
  wish.body = std::move(filled.body);
  if (!wish.body.empty())
    wish.headers.emplace_back("Content-Type", "application/json");
  if (!key.empty())
    wish.headers.emplace_back("Idempotency-Key", key);
  return wish;
}

result<std::string> call(const http_tool_parts& parts, const tool_view& it) {
  const auto named = [&](const error& why) {
    return fail(why.code,
                "'" + parts.config.name + "': " + parts.shown(why.detail));
  };
  const auto arguments = protocol::parse_json(it.arguments);
  if (!arguments || !arguments->is_object())
    return named(fail(errc::invalid_request, "it is called with an object"));
  auto filled =
      fill(parts.url, parts.config.http.method, arguments->get_object());
  if (!filled)
    return named(filled.error());
  const auto [due, is_of_task] = end_of_call(parts.config.timeout, it.deadline);
  auto wish = wish_of(parts, std::move(*filled), it.key);
  wish.due = due;
  const auto answer = parts.caller->call(std::move(wish), it.stop);
  if (!answer && answer.error().code == errc::deadline_exceeded && !is_of_task)
    return named(fail(errc::tool_failed,
                      "it took longer than "
                          + protocol::for_people(parts.config.timeout)));
  if (!answer)
    return named(answer.error());
  if (answer->status < 200 || answer->status > 299)
    return named(
        fail(errc::tool_failed,
             "the server answered " + std::to_string(answer->status) + ": "
                 + last_words(
                     std::string_view{answer->body}.substr(0, complaint_bytes),
                     complaint_bytes)));
  return clean_text(parts.shown(answer->body));
}

std::vector<std::string> hosts_of(const tool_config& config,
                                  const url_template& url) {
  auto hosts = config.http.allow;
  if (hosts.empty())
    hosts.push_back(url.at.host);
  for (auto& host : hosts)
    for (char& c : host)
      if (c >= 'A' && c <= 'Z')
        c = static_cast<char>(c - 'A' + 'a');
  return hosts;
}

} // namespace

result<http_tool> make_http_tool(const tool_config& config, http::io_thread& io,
                                 name_resolver resolve) {
  auto parts = std::make_shared<http_tool_parts>();
  parts->config = config;
  auto url = parse_url_template(config.http.url);
  if (!url)
    return url.error();
  parts->url = std::move(*url);
  if (auto read = read_headers(*parts); !read)
    return read.error();
  http_caller_config rules;
  rules.allow = hosts_of(config, parts->url);
  rules.allow_private = config.http.allow_private;
  rules.redirects_max = config.http.redirects_max;
  rules.response_max = config.http.response_max;
  rules.ca_file = config.http.ca_file;
  rules.calls_max = config.concurrency;
  auto caller = http_caller::make(io, std::move(rules), std::move(resolve));
  if (!caller)
    return caller.error();
  parts->caller = std::move(*caller);
  auto keys = parts->keys;
  std::shared_ptr<const http_tool_parts> shared = std::move(parts);
  return http_tool{[shared = std::move(shared)](const tool_view& it) {
                     return call(*shared, it);
                   },
                   std::move(keys)};
}

} // namespace troupe::tools
