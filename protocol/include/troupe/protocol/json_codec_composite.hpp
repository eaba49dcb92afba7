#pragma once

#include "troupe/protocol/json_codec.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <type_traits>

/// JSON forms of enums, lists, optionals and alternatives.
namespace troupe::protocol {

template <described_enum E>
std::vector<std::string> enum_names() {
  std::vector<std::string> names;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
      [&](auto d) { names.emplace_back(d.name); });
  return names;
}

template <described_enum E>
struct json_codec<E> {
  static boost::json::value write(E x) {
    return boost::json::string(enum_name(x));
  }
  static json_problem read(const boost::json::value& json, const json_place& at,
                           E& x) {
    if (!json.is_string())
      return json_error(at, "a name", json);
    const std::string_view name = json.get_string();
    if (!enum_from_name(name, x))
      return unknown_name(at, name, enum_names<E>());
    return {};
  }
};

template <class T>
struct json_codec<std::vector<T>> {
  static boost::json::value write(const std::vector<T>& xs) {
    boost::json::array out;
    out.reserve(xs.size());
    for (const auto& x : xs)
      out.push_back(json_codec<T>::write(x));
    return out;
  }
  static json_problem read(const boost::json::value& json, const json_place& at,
                           std::vector<T>& xs) {
    if (!json.is_array())
      return json_error(at, "an array", json);
    const auto& array = json.get_array();
    xs.resize(array.size());
    for (std::size_t i = 0; i < array.size(); ++i)
      if (auto bad =
              json_codec<T>::read(array[i], json_place{&at, {}, i}, xs[i]))
        return bad;
    return {};
  }
};

template <class T>
struct json_codec<std::optional<T>> {
  static boost::json::value write(const std::optional<T>& x) {
    return x ? json_codec<T>::write(*x) : boost::json::value{};
  }
  static json_problem read(const boost::json::value& json, const json_place& at,
                           std::optional<T>& x) {
    if (json.is_null()) {
      x.reset();
      return {};
    }
    return json_codec<T>::read(json, at, x.emplace());
  }
};

template <class... Ts>
struct json_codec<std::variant<Ts...>> {
  using variant = std::variant<Ts...>;
  static boost::json::value write(const variant& x) {
    return std::visit(
        [](const auto& y) -> boost::json::value {
          using type = std::decay_t<decltype(y)>;
          return boost::json::object{
              {alternative_name<type>, json_codec<type>::write(y)}};
        },
        x);
  }
  static json_problem read(const boost::json::value& json, const json_place& at,
                           variant& x) {
    const std::vector<std::string> known{std::string(alternative_name<Ts>)...};
    if (!json.is_object() || json.get_object().size() != 1)
      return json_error(at, "an object with one field", json);
    const auto& field = *json.get_object().begin();
    const json_place inner{&at, field.key()};
    json_problem problem;
    const auto read_as = [&]<class T>(std::type_identity<T>) {
      if (field.key() != alternative_name<T>)
        return false;
      problem =
          json_codec<T>::read(field.value(), inner, x.template emplace<T>());
      return true;
    };
    const bool found = (read_as(std::type_identity<Ts>{}) || ...);
    return found ? problem : unknown_field(at, field.key(), known);
  }
};

} // namespace troupe::protocol

#include "troupe/protocol/json_codec_struct.hpp"
