#include "troupe/protocol/json_schema.hpp"

#include "text_patterns.hpp"
#include "troupe/protocol/message_variant.hpp"

#include <boost/mp11/algorithm.hpp>

namespace troupe::protocol {

namespace js = boost::json;

namespace {

std::string whole(std::string_view pattern) {
  return '^' + std::string(pattern) + '$';
}

} // namespace

js::value schema_builder::finish(js::object schema) && {
  js::object out{{"$schema", "https://json-schema.org/draft/2020-12/schema"}};
  for (auto& field : schema)
    out[field.key()] = std::move(field.value());
  out["$defs"] = std::move(defs_);
  return out;
}

js::value schema_builder::boolean() {
  return js::object{{"type", "boolean"}};
}

js::value schema_builder::text(std::string_view pattern) {
  js::object out{{"type", "string"}};
  if (!pattern.empty())
    out["pattern"] = pattern;
  return out;
}

js::value schema_builder::integer(std::int64_t min, std::uint64_t max) {
  return js::object{{"type", "integer"}, {"minimum", min}, {"maximum", max}};
}

js::value schema_builder::one_field(std::string_view name, js::value inner) {
  js::object properties;
  properties[name] = std::move(inner);
  return js::object{{"type", "object"},
                    {"properties", std::move(properties)},
                    {"required", js::array{name}},
                    {"additionalProperties", false}};
}

js::value schema_builder::reference(std::string_view name) {
  return js::object{{"$ref", "#/$defs/" + std::string(name)}};
}

js::value schema_builder::make(const id*) {
  return text(whole(patterns::id));
}

js::value schema_builder::make(const instant*) {
  return text(whole(patterns::instant));
}

js::value schema_builder::make(const duration*) {
  return text(whole(patterns::duration));
}

js::value schema_builder::make(const money*) {
  return text(whole(patterns::money));
}

js::object envelope_schema(std::string_view kind, std::string_view type,
                           js::value head, js::value body) {
  return {{"title", std::string(kind) + ' ' + std::string(type)},
          {"type", "object"},
          {"properties",
           {{"kind", {{"const", kind}}},
            {"type", {{"const", type}}},
            {"header", std::move(head)},
            {"body", std::move(body)}}},
          {"required", {"kind", "type", "header", "body"}},
          {"additionalProperties", false}};
}

js::object message_schemas() {
  js::object out;
  for_each_message_type([&](auto which) {
    using envelope = typename decltype(which)::type;
    out[body_name<decltype(envelope::body)>] = message_schema<envelope>();
  });
  return out;
}

} // namespace troupe::protocol
