#include "troupe/runtime/typed_tool.hpp"

#include <troupe/protocol/json.hpp>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::string_view reference_start = "#/$defs/";

} // namespace

std::string tool_input_schema(json::value schema) {
  auto& whole = schema.as_object();
  const auto* reference = whole.if_contains("$ref");
  auto* defs = whole.if_contains("$defs");
  if (reference == nullptr || defs == nullptr)
    return json::serialize(schema);
  const std::string_view name{reference->as_string()};
  auto& all = defs->as_object();
  json::object top = all.at(name.substr(reference_start.size())).as_object();
  if (json::serialize(top).find("\"$ref\"") != std::string::npos)
    top["$defs"] = std::move(all);
  return json::serialize(top);
}

protocol::result<json::value> parse_tool_arguments(std::string_view text) {
  return protocol::parse_json(
      text, {.bytes_max = 1U << 20U, .depth_max = 32, .values_max = 100'000});
}

} // namespace troupe
