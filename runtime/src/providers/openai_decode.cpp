#include "providers/json_access.hpp"
#include "providers/openai_chat.hpp"
#include "providers/provider_error.hpp"
#include "providers/reply_builder.hpp"

#include <troupe/protocol/json.hpp>

#include <algorithm>

namespace troupe::providers {

namespace json = boost::json;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// Reasoning goes by two names, and neither is OpenAI's own.
std::string_view reasoning_in(const json::object& message) {
  const auto text = text_in(message, "reasoning_content");
  return text.empty() ? text_in(message, "reasoning") : text;
}

std::uint64_t detail_in(const json::object& usage, std::string_view details,
                        std::string_view key) {
  const auto* found = object_in(usage, details);
  return found ? count_in(*found, key).value_or(0) : 0;
}

/// What was read from a cache goes by three names.
std::uint64_t cached_in(const json::object& usage) {
  return std::max({detail_in(usage, "prompt_tokens_details", "cached_tokens"),
                   count_in(usage, "prompt_cache_hit_tokens").value_or(0),
                   count_in(usage, "cached_tokens").value_or(0)});
}

/// The parts of an answer, whole or streamed: both use the same indices, so
/// that reasoning comes first, then text, then tool calls.
constexpr std::int64_t reasoning_index = -2;
constexpr std::int64_t text_index = -1;

class openai_message {
public:
  result<void> add(const json::object& message);
  [[nodiscard]] result<protocol::model_reply>
  finish(std::string_view reason, const json::object* used) &&;

  reply_builder parts;

private:
  result<void> add_tool_call(const json::object& call, std::size_t position);

  bool has_refusal_ = false;
  bool has_tools_ = false;
};

result<void> openai_message::add(const json::object& message) {
  using kind = reply_builder::kind;
  if (const auto text = reasoning_in(message); !text.empty()) {
    auto block = parts.at(reasoning_index, kind::thinking);
    if (!block)
      return block.error();
    parts.add(**block, text);
  }
  for (const auto* key : {"content", "refusal"}) {
    const auto text = text_in(message, key);
    if (text.empty())
      continue;
    has_refusal_ = has_refusal_ || key == std::string_view{"refusal"};
    auto block = parts.at(text_index, kind::text);
    if (!block)
      return block.error();
    parts.add_text(**block, text);
  }
  if (const auto* calls = array_in(message, "tool_calls"))
    for (std::size_t i = 0; i < calls->size(); ++i)
      if (const auto* call = (*calls)[i].if_object())
        if (auto added = add_tool_call(*call, i); !added)
          return added;
  return {};
}

result<void> openai_message::add_tool_call(const json::object& call,
                                           std::size_t position) {
  const auto index = count_in(call, "index").value_or(position);
  auto block =
      parts.at(static_cast<std::int64_t>(index), reply_builder::kind::tool);
  if (!block)
    return block.error();
  has_tools_ = true;
  auto& to = **block;
  if (const auto id = text_in(call, "id"); !id.empty())
    to.call_id = id;
  const auto* function = object_in(call, "function");
  if (!function)
    return {};
  if (const auto name = text_in(*function, "name"); !name.empty())
    to.name = name;
  parts.add(to, text_in(*function, "arguments"));
  return {};
}

result<protocol::model_reply>
openai_message::finish(std::string_view reason, const json::object* used) && {
  protocol::model_reply reply;
  reply.used = openai_usage(used, parts.has_content());
  reply.stop = openai_stop(reason, has_tools_, has_refusal_);
  auto content = std::move(parts).build();
  if (!content)
    return content.error();
  reply.content = std::move(*content);
  return reply;
}

/// The first choice, the only one that we ask for.
const json::object* choice_in(const json::object& answer) {
  const auto* choices = array_in(answer, "choices");
  if (!choices)
    return nullptr;
  for (const auto& choice : *choices) {
    const auto* object = choice.if_object();
    if (object && count_in(*object, "index").value_or(0) == 0)
      return object;
  }
  return nullptr;
}

class openai_decoder final : public stream_decoder {
public:
  result<void> on_event(std::string_view data) override;
  std::string take_fresh_text() override {
    return message_.parts.take_fresh_text();
  }
  [[nodiscard]] std::uint64_t content_bytes() const override {
    return message_.parts.bytes();
  }
  [[nodiscard]] bool is_over() const override { return is_over_; }
  result<protocol::model_reply> finish() override;

private:
  result<void> add_chunk(const json::object& chunk);

  openai_message message_;
  std::string reason_;
  std::optional<json::object> used_;
  bool is_over_ = false;
};

result<void> openai_decoder::on_event(std::string_view data) {
  if (is_over_)
    return {};
  if (data == "[DONE]") {
    is_over_ = true;
    return {};
  }
  const auto parsed = protocol::parse_json(data);
  const auto* chunk = parsed ? parsed->if_object() : nullptr;
  if (!chunk)
    return fail(errc::provider_malformed, "an event that is not JSON");
  if (const auto* error = object_in(*chunk, "error")) {
    auto failure = error_in_answer(*error);
    if (message_.parts.has_content())
      failure.code = errc::stream_truncated;
    return failure;
  }
  return add_chunk(*chunk);
}

result<void> openai_decoder::add_chunk(const json::object& chunk) {
  if (const auto* used = object_in(chunk, "usage"))
    used_ = *used;
  else if (const auto* groq = object_in(chunk, "x_groq"))
    if (const auto* theirs = object_in(*groq, "usage"))
      used_ = *theirs;
  const auto* choice = choice_in(chunk);
  if (!choice)
    return {};
  if (const auto reason = text_in(*choice, "finish_reason"); !reason.empty())
    reason_ = reason;
  const auto* delta = object_in(*choice, "delta");
  return delta ? message_.add(*delta) : result<void>{};
}

result<protocol::model_reply> openai_decoder::finish() {
  if (reason_.empty() && !(is_over_ && message_.parts.has_content()))
    return fail(errc::stream_truncated, "the stream ended before its end");
  if (reason_ == "error")
    return fail(errc::stream_truncated, "the provider broke off");
  return std::move(message_).finish(reason_, used_ ? &*used_ : nullptr);
}

} // namespace

protocol::usage openai_usage(const json::object* reported, bool has_output) {
  protocol::usage used;
  used.source = protocol::usage_source::estimated;
  if (!reported)
    return used;
  const auto said_prompt = count_in(*reported, "prompt_tokens");
  const auto said_output = count_in(*reported, "completion_tokens");
  const auto prompt = said_prompt.value_or(0);
  const auto total = count_in(*reported, "total_tokens").value_or(0);
  auto output = said_output.value_or(0);
  const auto reasoning =
      detail_in(*reported, "completion_tokens_details", "reasoning_tokens");
  // Some (xAI) leave reasoning out of completion_tokens; their total tells.
  if (reasoning > 0 && prompt + output + reasoning == total)
    output += reasoning;
  if (has_output ? prompt > 0 && output > 0 : said_prompt && said_output)
    used.source = protocol::usage_source::reported;
  used.cache_read = std::min(prompt, cached_in(*reported));
  used.cache_write = std::min(
      prompt - used.cache_read,
      detail_in(*reported, "prompt_tokens_details", "cache_write_tokens"));
  used.input = prompt - used.cache_read - used.cache_write;
  used.output = output;
  used.reasoning = std::min(output, reasoning);
  return used;
}

protocol::stop_reason openai_stop(std::string_view reason, bool has_tool_calls,
                                  bool has_refusal) {
  if (has_refusal || reason == "content_filter")
    return protocol::stop_reason::refusal;
  if (reason == "length")
    return protocol::stop_reason::length;
  // Some servers say "stop" even when they want tools.
  return has_tool_calls ? protocol::stop_reason::tool_use
                        : protocol::stop_reason::complete;
}

result<protocol::model_reply> decode_openai(std::string_view body) {
  const auto parsed = protocol::parse_json(body);
  const auto* answer = parsed ? parsed->if_object() : nullptr;
  if (!answer)
    return fail(errc::provider_malformed, "the answer is not JSON");
  if (const auto* error = object_in(*answer, "error"))
    return error_in_answer(*error);
  const auto* choice = choice_in(*answer);
  const auto* message = choice ? object_in(*choice, "message") : nullptr;
  const auto reason =
      choice ? text_in(*choice, "finish_reason") : std::string_view{};
  // A filtered answer may lack its message (Azure).
  if (!message && reason != "content_filter")
    return fail(errc::provider_malformed, "the answer has no message");
  openai_message parts;
  if (message)
    if (auto added = parts.add(*message); !added)
      return added.error();
  return std::move(parts).finish(reason, object_in(*answer, "usage"));
}

std::unique_ptr<stream_decoder> make_openai_decoder() {
  return std::make_unique<openai_decoder>();
}

} // namespace troupe::providers
