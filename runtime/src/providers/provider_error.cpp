#include "providers/provider_error.hpp"

#include "providers/json_access.hpp"

#include <troupe/protocol/json.hpp>
#include <troupe/protocol/time.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace troupe::providers {

namespace json = boost::json;
using protocol::errc;

namespace {

struct refusal {
  unsigned status = 0; ///< 0: not known.
  std::string type;
  std::string code;
  std::string message;
  double seconds = 0; ///< That it asks to wait; 0: not said.
};

/// At most `chars_max` bytes on one line, cut between characters.
std::string cut(std::string_view text, std::size_t chars_max) {
  auto size = std::min(text.size(), chars_max);
  while (size < text.size() && size > 0
         && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80)
    --size;
  std::string out{text.substr(0, size)};
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f')
      c = ' ';
  return out;
}

bool mentions(std::string_view text,
              std::initializer_list<std::string_view> words) {
  for (auto word : words)
    if (text.find(word) != std::string_view::npos)
      return true;
  return false;
}

/// OpenRouter says it in the body.
double seconds_asked_in(const json::object& error) {
  const auto* available = object_in(error, "availability");
  const auto* said =
      available == nullptr ? nullptr : available->if_contains("retry_after");
  if (said == nullptr || !said->is_number())
    return 0;
  return said->to_number<double>();
}

refusal read_refusal(const json::object& error) {
  refusal out;
  out.type = cut(text_in(error, "type"), 64);
  out.code = cut(text_in(error, "code"), 64);
  out.message = cut(text_in(error, "message"), 200);
  if (const auto* more = object_in(error, "metadata"))
    if (const auto type = text_in(*more, "error_type"); !type.empty())
      out.type = cut(type, 64);
  if (const auto* more = object_in(error, "details"))
    if (const auto code = text_in(*more, "error_code"); !code.empty())
      out.code = cut(code, 64);
  out.seconds = seconds_asked_in(error);
  for (const auto* key : {"code", "status_code", "status"})
    if (const auto code = count_in(error, key);
        code && *code >= 300 && *code <= 599 && out.status == 0)
      out.status = static_cast<unsigned>(*code);
  return out;
}

refusal read_body(std::string_view body) {
  refusal out;
  const auto parsed = protocol::parse_json(body);
  if (!parsed)
    return out;
  const auto* top = parsed->if_object();
  if (const auto* list = parsed->if_array(); list && !list->empty())
    top = list->front().if_object();
  if (!top)
    return out;
  if (const auto* error = object_in(*top, "error"))
    return read_refusal(*error);
  if (const auto error = text_in(*top, "error"); !error.empty()) {
    out.message = cut(error, 200);
    return out;
  }
  return read_refusal(*top);
}

bool is_context_length(const refusal& why) {
  return mentions(why.type + " " + why.code,
                  {"context_length_exceeded", "request_too_large",
                   "model_context_window_exceeded", "exceed_context_size"})
         || mentions(why.message,
                     {"prompt is too long", "maximum context length",
                      "context window", "exceeds the context"});
}

protocol::duration until_next_month(protocol::instant now) {
  const std::chrono::year_month_day today{
      std::chrono::floor<std::chrono::days>(now)};
  const auto next = today.year() / today.month() + std::chrono::months{1};
  return std::chrono::sys_days{next / 1} - now;
}

/// How long money will be missing: to the next month where the provider has a
/// limit for each; else somebody may pay at any time.
protocol::duration until_paid(const refusal& why, protocol::instant now) {
  const auto names = why.type + " " + why.code;
  if (mentions(names, {"enforced_spend_limit_reached"}))
    return until_next_month(now);
  if (mentions(names, {"insufficient_quota", "billing_hard_limit_reached",
                       "billing_error", "payment_required"})
      || why.status == 402)
    return std::chrono::minutes{15};
  return {};
}

errc code_of_status(unsigned status) {
  switch (status) {
  case 401:
  case 403:
    return errc::provider_unauthorized;
  case 429:
    return errc::provider_throttled;
  case 408:
  case 504:
    return errc::provider_timeout;
  case 413:
    return errc::context_too_long;
  default:
    return status >= 500 ? errc::provider_unavailable : errc::provider_rejected;
  }
}

/// For errors inside a 200, where only names tell.
errc code_of_names(std::string_view names) {
  if (mentions(names, {"rate_limit", "insufficient_quota", "throttl"}))
    return errc::provider_throttled;
  if (mentions(names, {"authentication", "permission", "invalid_api_key"}))
    return errc::provider_unauthorized;
  if (mentions(names, {"timeout"}))
    return errc::provider_timeout;
  if (mentions(names, {"invalid", "not_found", "billing", "payment", "policy",
                       "unsupported", "tool_use_failed"}))
    return errc::provider_rejected;
  return errc::provider_unavailable;
}

protocol::error explain(const refusal& why) {
  const auto names = why.type + " " + why.code;
  protocol::error out;
  if (is_context_length(why) && why.status < 500 && why.status != 429)
    out.code = errc::context_too_long;
  else if (why.status != 0)
    out.code = code_of_status(why.status);
  else
    out.code = code_of_names(names);
  out.detail =
      why.status == 0 ? "error in the answer" : std::to_string(why.status);
  if (!why.type.empty())
    out.detail += " " + why.type;
  if (!why.code.empty() && why.code != why.type)
    out.detail += " " + why.code;
  if (!why.message.empty())
    out.detail += ": " + why.message;
  return out;
}

} // namespace

protocol::error error_of_status(unsigned status, std::string_view body,
                                const asked_wait& wait, protocol::instant now) {
  auto why = read_body(body);
  why.status = status;
  auto out = explain(why);
  out.retry_after = std::max(wait.length, bounded_wait(why.seconds));
  const auto unpaid = until_paid(why, now);
  if (unpaid > protocol::duration{})
    out.code = errc::provider_unfunded;
  if (out.retry_after == protocol::duration{})
    out.retry_after = unpaid;
  out.retries_spent = wait.is_pointless;
  if (out.retry_after > protocol::duration{})
    out.detail +=
        " (retry after " + protocol::for_people(out.retry_after) + ")";
  return out;
}

protocol::error error_in_answer(const json::object& error) {
  const auto why = read_refusal(error);
  auto out = explain(why);
  out.retry_after = bounded_wait(why.seconds);
  return out;
}

} // namespace troupe::providers
