#include "providers/anthropic_messages.hpp"
#include "providers/tool_schema.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace troupe::providers {

namespace json = boost::json;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// Writes one part into an array of content blocks.
struct block_writer {
  json::array& blocks;

  result<void> operator()(const protocol::text_part& part) const {
    // They refuse empty text.
    if (!part.text.empty())
      blocks.push_back(json::object{{"type", "text"}, {"text", part.text}});
    return {};
  }

  result<void> operator()(const protocol::tool_call& part) const {
    auto input = protocol::parse_json(
        part.arguments.empty() ? "{}" : std::string_view{part.arguments});
    if (!input || !input->is_object())
      return fail(errc::invalid_request,
                  "tool call: its arguments are not a JSON object");
    blocks.push_back(json::object{{"type", "tool_use"},
                                  {"id", part.call_id},
                                  {"name", part.name},
                                  {"input", std::move(*input)}});
    return {};
  }

  result<void> operator()(const protocol::tool_result& part) const {
    json::object block{{"type", "tool_result"},
                       {"tool_use_id", part.call_id},
                       {"content", part.content}};
    if (part.is_error)
      block["is_error"] = true;
    blocks.push_back(std::move(block));
    return {};
  }

  result<void> operator()(const protocol::thinking_part& part) const {
    const std::string_view signature = part.signature;
    if (signature.starts_with(redacted_mark))
      blocks.push_back(
          json::object{{"type", "redacted_thinking"},
                       {"data", signature.substr(redacted_mark.size())}});
    else if (!signature.empty())
      blocks.push_back(json::object{{"type", "thinking"},
                                    {"thinking", part.text},
                                    {"signature", signature}});
    // Without a signature it is another provider's, and would be refused.
    return {};
  }
};

result<json::array> blocks_of(const protocol::chat_message& message) {
  json::array blocks;
  // Tool results have to come first in their message.
  for (const bool results : {true, false})
    for (const auto& part : message.content)
      if (std::holds_alternative<protocol::tool_result>(part) == results)
        if (auto written = std::visit(block_writer{blocks}, part); !written)
          return written.error();
  return blocks;
}

result<json::array> tools_json(const protocol::model_call& call) {
  json::array tools;
  for (const auto& tool : call.tools) {
    auto schema = schema_of(tool, R"({"type":"object"})");
    if (!schema)
      return schema.error();
    tools.push_back(json::object{{"name", tool.name},
                                 {"description", tool.description},
                                 {"input_schema", std::move(*schema)}});
  }
  return tools;
}

} // namespace

result<std::string> encode_anthropic(const wire_options& options,
                                     const protocol::model_call& call) {
  json::array messages;
  for (const auto& message : call.messages) {
    auto blocks = blocks_of(message);
    if (!blocks)
      return blocks.error();
    if (blocks->empty())
      continue;
    const bool user = message.role == protocol::chat_role::user;
    messages.push_back(json::object{{"role", user ? "user" : "assistant"},
                                    {"content", std::move(*blocks)}});
  }
  json::object body{{"model", call.model},
                    {"max_tokens", call.output_tokens_max},
                    {"messages", std::move(messages)}};
  if (!call.system.empty())
    body["system"] = call.system;
  // Their scale ends at 1.
  if (call.temperature_permille)
    body["temperature"] = std::min(*call.temperature_permille, 1000U) / 1000.0;
  if (!call.tools.empty()) {
    auto tools = tools_json(call);
    if (!tools)
      return tools.error();
    body["tools"] = std::move(*tools);
  }
  if (call.stream)
    body["stream"] = true;
  if (options.hints_prompt_cache)
    mark_prompt_cache(body);
  return json::serialize(body);
}

} // namespace troupe::providers
