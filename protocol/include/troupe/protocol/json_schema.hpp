#pragma once

#include "troupe/protocol/json.hpp"
#include "troupe/protocol/type_name.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

/// JSON Schema (draft 2020-12) from the description of each struct.
namespace troupe::protocol {

/// Collects the schemas of the structs that a schema refers to.
/// Thread safety: one thread at a time.
class schema_builder {
public:
  /// The schema of `T`; structs become references into `$defs`.
  template <class T>
  [[nodiscard]] boost::json::value of() {
    return make(static_cast<T*>(nullptr));
  }

  /// `schema` with all that it refers to under `$defs`.
  [[nodiscard]] boost::json::value finish(boost::json::object schema) &&;

private:
  using value = boost::json::value;

  static value boolean();
  static value text(std::string_view pattern = {});
  static value integer(std::int64_t min, std::uint64_t max);
  static value one_field(std::string_view name, value inner);
  static value reference(std::string_view name);

  value make(const bool*) { return boolean(); }
  value make(const std::string*) { return text(); }
  value make(const id*);
  value make(const instant*);
  value make(const duration*);
  value make(const money*);

  template <std::integral T>
  value make(const T*) {
    using limits = std::numeric_limits<T>;
    return integer(static_cast<std::int64_t>(limits::min()),
                   static_cast<std::uint64_t>(limits::max()));
  }

  template <described_enum E>
  value make(const E*) {
    boost::json::array names;
    for (const auto& name : enum_names<E>())
      names.emplace_back(name);
    return boost::json::object{{"enum", std::move(names)}};
  }

  template <class T>
  value make(const std::vector<T>*) {
    return boost::json::object{{"type", "array"}, {"items", of<T>()}};
  }

  template <class T>
  value make(const std::optional<T>*) {
    return boost::json::object{
        {"anyOf", boost::json::array{of<T>(), {{"type", "null"}}}}};
  }

  template <class... Ts>
  value make(const std::variant<Ts...>*) {
    return boost::json::object{
        {"oneOf",
         boost::json::array{one_field(alternative_name<Ts>, of<Ts>())...}}};
  }

  template <described T>
  value make(const T*) {
    const auto name = short_type_name(typeid(T));
    if (!defs_.contains(name))
      defs_[name] = definition<T>();
    return reference(name);
  }

  template <described T>
  value definition() {
    boost::json::object properties;
    boost::json::array required;
    const T defaults{};
    boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
      using member_type = std::decay_t<decltype(defaults.*d.pointer)>;
      auto schema = of<member_type>();
      if constexpr (!may_be_absent<T, member_type>)
        required.emplace_back(d.name);
      else if constexpr (!is_optional<member_type>)
        schema.as_object()["default"] = to_json(defaults.*d.pointer);
      properties[d.name] = std::move(schema);
    });
    return boost::json::object{{"type", "object"},
                               {"properties", std::move(properties)},
                               {"required", std::move(required)},
                               {"additionalProperties", false}};
  }

  boost::json::object defs_;
};

/// The schema of a described struct's JSON form, complete in itself.
template <described T>
[[nodiscard]] boost::json::value schema_of() {
  schema_builder builder;
  auto schema = builder.of<T>();
  return std::move(builder).finish(std::move(schema.as_object()));
}

/// An object with the four fields of an envelope.
[[nodiscard]] boost::json::object envelope_schema(std::string_view kind,
                                                  std::string_view type,
                                                  boost::json::value head,
                                                  boost::json::value body);

/// The schema of a message's JSON form, complete in itself.
template <class Envelope>
[[nodiscard]] boost::json::value message_schema() {
  using body_type = decltype(Envelope::body);
  schema_builder builder;
  auto head = builder.of<header>();
  auto body = builder.of<body_type>();
  return std::move(builder).finish(
      envelope_schema(enum_name(Envelope::kind), body_name<body_type>,
                      std::move(head), std::move(body)));
}

/// The schemas of all messages, by their `type`.
[[nodiscard]] boost::json::object message_schemas();

} // namespace troupe::protocol
