#include "providers/json_access.hpp"
#include "providers/provider_error.hpp"
#include "providers/response_items.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace troupe::providers {

namespace json = boost::json;
using protocol::errc;
using protocol::fail;
using protocol::result;
using block_kind = reply_builder::kind;

namespace {

/// Texts of the parts of one of these types, one behind the other.
std::string texts_in(const json::object& item, std::string_view list,
                     std::initializer_list<std::string_view> types) {
  std::string out;
  if (const auto* parts = array_in(item, list))
    for (const auto& part : *parts)
      if (const auto* object = part.if_object())
        for (const auto type : types)
          if (text_in(*object, "type") == type)
            out += text_in(*object, type == "refusal" ? "refusal" : "text");
  return out;
}

block_kind kind_of(const json::object& item) {
  const auto type = text_in(item, "type");
  if (type == "message")
    return block_kind::text;
  if (type == "reasoning")
    return block_kind::thinking;
  return type == "function_call" ? block_kind::tool : block_kind::skipped;
}

/// Why a response ended; errors are told by the caller.
result<protocol::stop_reason> stop_of(const json::object& response,
                                      bool has_tools, bool has_refusal) {
  const auto status = text_in(response, "status");
  if (status == "incomplete") {
    const auto* why = object_in(response, "incomplete_details");
    const auto reason = why ? text_in(*why, "reason") : std::string_view{};
    return reason == "content_filter" ? protocol::stop_reason::refusal
                                      : protocol::stop_reason::length;
  }
  if (status != "completed" && !status.empty())
    return fail(errc::provider_malformed, "the response is not complete");
  if (has_refusal)
    return protocol::stop_reason::refusal;
  return has_tools ? protocol::stop_reason::tool_use
                   : protocol::stop_reason::complete;
}

} // namespace

result<void> response_items::add(std::int64_t index, block_kind kind,
                                 std::string_view text) {
  auto block = parts.at(index, kind);
  if (!block)
    return block.error();
  if (kind == block_kind::text)
    parts.add_text(**block, text);
  else
    parts.add(**block, text);
  return {};
}

result<void> response_items::put(std::int64_t index, const json::object& item,
                                 bool is_done) {
  const auto kind = kind_of(item);
  auto found = parts.at(index, kind);
  if (!found)
    return found.error();
  auto& block = **found;
  if (kind == block_kind::tool) {
    has_tools_ = true;
    block.call_id = text_in(item, "call_id");
    block.name = text_in(item, "name");
    if (const auto all = text_in(item, "arguments"); is_done && !all.empty())
      block.text = all;
  } else if (is_done && kind == block_kind::text) {
    put_text(block, item);
  } else if (is_done && kind == block_kind::thinking) {
    put_reasoning(block, item);
  }
  return {};
}

void response_items::put_text(reply_builder::block& block,
                              const json::object& item) {
  has_refusal_ =
      has_refusal_ || !texts_in(item, "content", {"refusal"}).empty();
  auto all = texts_in(item, "content", {"output_text", "text", "refusal"});
  if (all.starts_with(block.text))
    parts.add_text(block, all.substr(block.text.size()));
  else if (!all.empty())
    block.text = std::move(all);
}

void response_items::put_reasoning(reply_builder::block& block,
                                   const json::object& item) {
  auto all = texts_in(item, "summary", {"summary_text"});
  if (all.empty())
    all = texts_in(item, "content", {"reasoning_text"});
  if (!all.empty())
    block.text = std::move(all);
  if (const auto sealed = text_in(item, "encrypted_content"); !sealed.empty())
    block.signature = json::serialize(json::object{
        {"id", text_in(item, "id")}, {"encrypted_content", sealed}});
}

result<protocol::model_reply>
response_items::finish(const json::object& response) && {
  const auto stop = stop_of(response, has_tools_, has_refusal_);
  if (!stop)
    return stop.error();
  protocol::model_reply reply;
  reply.stop = *stop;
  reply.used =
      responses_usage(object_in(response, "usage"), parts.has_content());
  auto content = std::move(parts).build();
  if (!content)
    return content.error();
  reply.content = std::move(*content);
  return reply;
}

result<void> response_items::put_all(const json::object& response) {
  const auto* output = array_in(response, "output");
  if (output == nullptr)
    return {};
  for (std::size_t i = 0; i < output->size(); ++i)
    if (const auto* item = (*output)[i].if_object())
      if (auto done = put(static_cast<std::int64_t>(i), *item, true); !done)
        return done;
  return {};
}

const json::object* response_error(const json::object& from) {
  const auto* error = object_in(from, "error");
  return error != nullptr || text_in(from, "type") != "error" ? error : &from;
}

protocol::usage responses_usage(const json::object* reported, bool has_output) {
  protocol::usage used;
  used.source = protocol::usage_source::estimated;
  if (reported == nullptr)
    return used;
  const auto detail = [&](const char* of, const char* key) {
    const auto* found = object_in(*reported, of);
    return found ? count_in(*found, key).value_or(0) : 0;
  };
  const auto said_prompt = count_in(*reported, "input_tokens");
  const auto said_output = count_in(*reported, "output_tokens");
  const auto prompt = said_prompt.value_or(0);
  const auto output = said_output.value_or(0);
  if (has_output ? prompt > 0 && output > 0 : said_prompt && said_output)
    used.source = protocol::usage_source::reported;
  used.cache_read =
      std::min(prompt, detail("input_tokens_details", "cached_tokens"));
  used.cache_write =
      std::min(prompt - used.cache_read,
               detail("input_tokens_details", "cache_write_tokens"));
  used.input = prompt - used.cache_read - used.cache_write;
  used.output = output;
  used.reasoning =
      std::min(output, detail("output_tokens_details", "reasoning_tokens"));
  return used;
}

result<protocol::model_reply> decode_responses(std::string_view body) {
  const auto parsed = protocol::parse_json(body);
  const auto* response = parsed ? parsed->if_object() : nullptr;
  if (!response)
    return fail(errc::provider_malformed, "the answer is not JSON");
  if (const auto* error = response_error(*response))
    return error_in_answer(*error);
  if (text_in(*response, "status") == "failed")
    return fail(errc::provider_unavailable, "the response has failed");
  if (array_in(*response, "output") == nullptr)
    return fail(errc::provider_malformed, "the answer has no output");
  response_items items;
  if (auto put = items.put_all(*response); !put)
    return put.error();
  return std::move(items).finish(*response);
}

} // namespace troupe::providers
