#include "providers/openai_chat.hpp"
#include "providers/tool_schema.hpp"

#include <troupe/protocol/fingerprint.hpp>
#include <troupe/protocol/json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace troupe::providers {

namespace json = boost::json;
using protocol::result;

namespace {

json::object tool_call_json(const protocol::tool_call& call) {
  return {{"id", call.call_id},
          {"type", "function"},
          {"function",
           json::object{{"name", call.name}, {"arguments", call.arguments}}}};
}

/// One message of ours is several of theirs: each tool result stands alone,
/// and before any text, right after the calls that it answers.
void add_user(json::array& messages, const protocol::chat_message& message) {
  for (const auto& part : message.content)
    if (const auto* done = std::get_if<protocol::tool_result>(&part))
      messages.push_back(
          json::object{{"role", "tool"},
                       {"tool_call_id", done->call_id},
                       // The format has no flag for a failure.
                       {"content", done->is_error ? "Error: " + done->content
                                                  : done->content}});
  const auto text = protocol::text_of(message.content);
  if (!text.empty())
    messages.push_back(json::object{{"role", "user"}, {"content", text}});
}

void add_assistant(json::array& messages, const wire_options& options,
                   const protocol::chat_message& message) {
  json::array calls;
  std::string reasoning;
  for (const auto& part : message.content) {
    if (const auto* call = std::get_if<protocol::tool_call>(&part))
      calls.push_back(tool_call_json(*call));
    else if (const auto* mind = std::get_if<protocol::thinking_part>(&part))
      reasoning += mind->text;
  }
  const auto text = protocol::text_of(message.content);
  json::object out{{"role", "assistant"}};
  if (text.empty() && !calls.empty())
    out["content"] = nullptr;
  else
    out["content"] = text;
  if (options.sends_reasoning_back && !reasoning.empty())
    out["reasoning_content"] = reasoning;
  if (!calls.empty())
    out["tool_calls"] = std::move(calls);
  messages.push_back(std::move(out));
}

result<json::array> tools_json(const protocol::model_call& call) {
  json::array tools;
  for (const auto& tool : call.tools) {
    auto schema = schema_of(tool, R"({"type":"object","properties":{}})");
    if (!schema)
      return schema.error();
    tools.push_back(json::object{
        {"type", "function"},
        {"function", json::object{{"name", tool.name},
                                  {"description", tool.description},
                                  {"parameters", std::move(*schema)}}}});
  }
  return tools;
}

} // namespace

std::string cache_key_of(const protocol::model_call& call) {
  protocol::fingerprint_builder print;
  print.add(std::string_view{call.account}.substr(0, call.account.find('/')));
  print.add(call.system);
  print.add_value(call.tools);
  return to_string(print.finish());
}

result<std::string> encode_openai(const wire_options& options,
                                  const protocol::model_call& call) {
  json::array messages;
  if (!call.system.empty())
    messages.push_back(
        json::object{{"role", "system"}, {"content", call.system}});
  for (const auto& message : call.messages) {
    if (message.role == protocol::chat_role::user)
      add_user(messages, message);
    else
      add_assistant(messages, options, message);
  }
  json::object body{{"model", call.model}, {"messages", std::move(messages)}};
  body[options.legacy_max_tokens ? "max_tokens" : "max_completion_tokens"] =
      call.output_tokens_max;
  if (call.temperature_permille)
    body["temperature"] = *call.temperature_permille / 1000.0;
  // Their seed is a signed number.
  if (call.seed != 0)
    body["seed"] = static_cast<std::int64_t>(call.seed & INT64_MAX);
  if (!call.tools.empty()) {
    auto tools = tools_json(call);
    if (!tools)
      return tools.error();
    body["tools"] = std::move(*tools);
  }
  if (options.hints_prompt_cache)
    body["prompt_cache_key"] = cache_key_of(call);
  if (call.stream) {
    body["stream"] = true;
    body["stream_options"] = json::object{{"include_usage", true}};
  }
  return json::serialize(body);
}

} // namespace troupe::providers
