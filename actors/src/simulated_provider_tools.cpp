#include "simulated_provider_tools.hpp"

#include "schema_mark.hpp"
#include "simulated_provider_prompt.hpp"
#include "text_digest_random.hpp"
#include "text_digest_words.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <optional>

namespace troupe::actors {

namespace {

namespace json = boost::json;
using protocol::tool_call;
using protocol::tool_result;

constexpr std::size_t calls_max = 4;
constexpr std::size_t properties_max = 16;
constexpr std::size_t words_in_text = 6;
constexpr protocol::json_limits limits{64U << 10U, 16};

bool is_name_char(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

/// Where `name` stands by itself; npos when it does not.
std::size_t find_name(std::string_view text, std::string_view name) {
  if (name.empty())
    return std::string_view::npos;
  for (auto at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    const bool ends_sentence =
        end < text.size() && text[end] == '.'
        && (end + 1 == text.size() || !is_name_char(text[end + 1]));
    if ((at == 0 || !is_name_char(text[at - 1]))
        && (end == text.size() || !is_name_char(text[end]) || ends_sentence))
      return at;
  }
  return std::string_view::npos;
}

bool has_result(const protocol::model_call& call, std::string_view name) {
  std::vector<std::string_view> ids;
  for (const auto& message : call.messages)
    for (const auto& part : message.content)
      if (const auto* asked = std::get_if<tool_call>(&part)) {
        if (asked->name == name)
          ids.push_back(asked->call_id);
      } else if (const auto* told = std::get_if<tool_result>(&part)) {
        if (std::find(ids.begin(), ids.end(), told->call_id) != ids.end())
          return true;
      }
  return false;
}

/// The JSON object that stands at the start of `text`, after blanks and `(`.
std::optional<std::string> leading_object(std::string_view text) {
  const auto begin = text.find_first_not_of(" (\t\n");
  if (begin == std::string_view::npos || text[begin] != '{')
    return std::nullopt;
  int depth = 0;
  bool in_string = false;
  for (auto at = begin; at < std::min(text.size(), limits.bytes_max); ++at) {
    const char c = text[at];
    if (in_string && c == '\\')
      ++at;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && (c == '{' || c == '}'))
      depth += c == '{' ? 1 : -1;
    if (depth == 0) {
      const auto object = text.substr(begin, at + 1 - begin);
      if (protocol::parse_json(object, limits))
        return std::string{object};
      return std::nullopt;
    }
  }
  return std::nullopt;
}

json::value simple_object(const json::object& schema, std::string_view words);

/// As deep as `limits` lets a schema be.
json::value simple_value(const json::value& schema, std::string_view words) {
  if (!schema.is_object())
    return json::value(json::string(words));
  const auto& object = schema.get_object();
  for (const auto* key : {"const", "default"})
    if (const auto* value = object.if_contains(key))
      return *value;
  for (const auto* key : {"enum", "examples"})
    if (const auto* value = object.if_contains(key);
        value != nullptr && value->is_array() && !value->get_array().empty())
      return value->get_array().front();
  const auto* type = object.if_contains("type");
  if (type != nullptr && type->is_array() && !type->get_array().empty())
    type = &type->get_array().front();
  json::string_view name = "string";
  if (type != nullptr && type->is_string())
    name = type->get_string();
  if (name == "boolean")
    return true;
  if (name == "array") {
    json::array items;
    const auto* item = object.if_contains("items");
    const auto* least = object.if_contains("minItems");
    const auto count = least != nullptr && least->is_int64()
                           ? std::clamp<std::int64_t>(least->get_int64(), 0, 16)
                           : 0;
    for (std::int64_t i = 0; i < count && item != nullptr; ++i)
      items.push_back(simple_value(*item, words));
    return items;
  }
  if (name == "object")
    return simple_object(object, words);
  if (name == "null")
    return nullptr;
  if (name == "integer" || name == "number") {
    const auto* least = object.if_contains("minimum");
    return least != nullptr && least->is_number() ? *least : json::value(1);
  }
  return json::value(json::string(words));
}

/// The first words of the text that mean something.
std::string telling_words(std::string_view text, std::string_view but) {
  std::string out;
  word_reader words{text};
  std::size_t count = 0;
  for (word w; count < words_in_text && words.next(w);) {
    if (w.text.size() < 3 || is_function_word(w.text)
        || but.find(w.text) != std::string_view::npos || w.text == "tool")
      continue;
    out += out.empty() ? "" : " ";
    out += w.text;
    ++count;
  }
  return out;
}

} // namespace

namespace {

json::value simple_object(const json::object& schema, std::string_view words) {
  const auto* properties = schema.if_contains("properties");
  if (properties == nullptr || !properties->is_object())
    return json::object{};
  const auto* required = schema.if_contains("required");
  json::object out;
  for (const auto& property : properties->get_object()) {
    if (out.size() >= properties_max)
      break;
    const bool is_left_out =
        required != nullptr && required->is_array()
        && std::none_of(required->get_array().begin(),
                        required->get_array().end(), [&](const auto& name) {
                          return name.is_string()
                                 && name.get_string() == property.key();
                        });
    if (!is_left_out)
      out[property.key()] = simple_value(property.value(), words);
  }
  return out;
}

} // namespace

std::string simple_arguments(std::string_view schema, std::string_view words) {
  const auto parsed = protocol::parse_json(schema, limits);
  if (!parsed || !parsed->is_object())
    return "{}";
  return json::serialize(simple_object(parsed->get_object(), words));
}

std::optional<std::string> asked_json(const protocol::model_call& call,
                                      std::string_view words) {
  constexpr std::string_view answer = "answer:";
  const auto text = last_user_text(call);
  if (const auto at = text.find(answer); at != std::string_view::npos)
    if (auto said = leading_object(text.substr(at + answer.size())))
      return said;
  for (const auto& message : call.messages)
    for (const auto& part : message.content) {
      const auto* asked = std::get_if<protocol::text_part>(&part);
      const auto at =
          asked == nullptr ? std::string::npos : asked->text.find(schema_mark);
      if (at == std::string::npos)
        continue;
      const auto schema = leading_object(
          std::string_view{asked->text}.substr(at + schema_mark.size()));
      const auto parsed = schema ? protocol::parse_json(*schema, limits)
                                 : protocol::parse_json("", limits);
      if (parsed)
        return json::serialize(simple_value(*parsed, words));
    }
  return std::nullopt;
}

std::vector<tool_call> named_tool_calls(const protocol::model_call& call,
                                        std::uint64_t seed) {
  std::vector<tool_call> out;
  const auto text = last_user_text(call);
  for (const auto& tool : call.tools) {
    if (out.size() == calls_max)
      break;
    const auto marked = find_name(text, "tool:" + tool.name);
    if (marked == std::string_view::npos
        && find_name(text, tool.name) == std::string_view::npos)
      continue;
    if (has_result(call, tool.name))
      continue;
    std::optional<std::string> arguments;
    if (marked != std::string_view::npos)
      arguments = leading_object(text.substr(marked + 5 + tool.name.size()));
    if (!arguments)
      arguments =
          simple_arguments(tool.input_schema, telling_words(text, tool.name));
    const auto number = mix(seed, out.size());
    out.push_back({"call_" + std::to_string(number), tool.name, *arguments});
  }
  return out;
}

} // namespace troupe::actors
