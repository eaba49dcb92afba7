#include "troupe/protocol/json_schema.hpp"

#include "troupe/protocol/message_variant.hpp"

#include <boost/core/demangle.hpp>
#include <boost/mp11/algorithm.hpp>

namespace troupe::protocol {

namespace js = boost::json;

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

std::string schema_builder::qualified_name(const std::type_info& type) {
  return boost::core::demangle(type.name());
}

std::string schema_builder::short_name(std::string_view qualified) {
  const auto colon = qualified.rfind(':');
  if (colon != std::string_view::npos)
    qualified.remove_prefix(colon + 1);
  return std::string(qualified);
}

js::value schema_builder::make(const id*) {
  return text("^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$");
}

js::value schema_builder::make(const instant*) {
  return text("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
              "(\\.[0-9]{1,9})?Z$");
}

js::value schema_builder::make(const duration*) {
  return text("^[0-9]{1,18}(\\.[0-9]{1,9})?(ms|s|m|h|d)$");
}

js::value schema_builder::make(const money*) {
  return text("^-?\\$?[0-9]{1,18}(\\.[0-9]{1,9})?( ?USD)?$");
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
  boost::mp11::mp_for_each<
      boost::mp11::mp_transform<boost::mp11::mp_identity, any_message>>(
      [&](auto which) {
        using envelope = typename decltype(which)::type;
        out[body_name<decltype(envelope::body)>] = message_schema<envelope>();
      });
  return out;
}

} // namespace troupe::protocol
