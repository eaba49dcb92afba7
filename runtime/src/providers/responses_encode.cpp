#include "providers/openai_chat.hpp"
#include "providers/openai_responses.hpp"
#include "providers/tool_schema.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace troupe::providers {

namespace json = boost::json;
using protocol::result;

namespace {

json::object message_item(const char* role, const std::string& text) {
  return {{"type", "message"}, {"role", role}, {"content", text}};
}

/// Reasoning goes back as it came; its signature holds what only the provider
/// can read. Without one they would look for it in what they have kept.
void add_reasoning(json::array& input, const protocol::thinking_part& mind) {
  const auto kept = protocol::parse_json(mind.signature);
  if (!kept || !kept->is_object())
    return;
  auto item = kept->get_object();
  item["type"] = "reasoning";
  json::array summary;
  if (!mind.text.empty())
    summary.push_back(
        json::object{{"type", "summary_text"}, {"text", mind.text}});
  item["summary"] = std::move(summary);
  input.push_back(std::move(item));
}

void add_part(json::array& input, const wire_options& options, const char* role,
              const protocol::content_part& part) {
  if (const auto* text = std::get_if<protocol::text_part>(&part)) {
    if (!text->text.empty())
      input.push_back(message_item(role, text->text));
  } else if (const auto* call = std::get_if<protocol::tool_call>(&part)) {
    input.push_back(json::object{{"type", "function_call"},
                                 {"call_id", call->call_id},
                                 {"name", call->name},
                                 {"arguments", call->arguments}});
  } else if (const auto* done = std::get_if<protocol::tool_result>(&part)) {
    // The format has no flag for a failure.
    input.push_back(
        json::object{{"type", "function_call_output"},
                     {"call_id", done->call_id},
                     {"output", done->is_error ? "Error: " + done->content
                                               : done->content}});
  } else if (const auto* mind = std::get_if<protocol::thinking_part>(&part)) {
    if (options.sends_reasoning_back)
      add_reasoning(input, *mind);
  }
}

result<json::array> tools_json(const protocol::model_call& call) {
  json::array tools;
  for (const auto& tool : call.tools) {
    auto schema = schema_of(tool, R"({"type":"object","properties":{}})");
    if (!schema)
      return schema.error();
    // Strict, which is their default, refuses most schemas.
    tools.push_back(json::object{{"type", "function"},
                                 {"name", tool.name},
                                 {"description", tool.description},
                                 {"parameters", std::move(*schema)},
                                 {"strict", false}});
  }
  return tools;
}

} // namespace

result<std::string> encode_responses(const wire_options& options,
                                     const protocol::model_call& call) {
  json::array input;
  for (const auto& message : call.messages) {
    const bool is_user = message.role == protocol::chat_role::user;
    for (const auto& part : message.content)
      add_part(input, options, is_user ? "user" : "assistant", part);
  }
  json::object body{{"model", call.model},
                    {"input", std::move(input)},
                    {"max_output_tokens", call.output_tokens_max},
                    {"store", false}};
  if (!call.system.empty())
    body["instructions"] = call.system;
  if (options.sends_reasoning_back)
    body["include"] = json::array{"reasoning.encrypted_content"};
  if (call.temperature_permille)
    body["temperature"] = *call.temperature_permille / 1000.0;
  if (!call.tools.empty()) {
    auto tools = tools_json(call);
    if (!tools)
      return tools.error();
    body["tools"] = std::move(*tools);
  }
  if (options.hints_prompt_cache)
    body["prompt_cache_key"] = cache_key_of(call);
  if (call.stream)
    body["stream"] = true;
  return json::serialize(body);
}

} // namespace troupe::providers
