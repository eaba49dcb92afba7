#pragma once

#include "troupe/protocol/json_codec.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <algorithm>

/// JSON forms of enums, lists, optionals, alternatives and described structs.
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
      if (auto bad = json_codec<T>::read(array[i], json_place{&at, {}, i}, xs[i]))
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
      [](const auto& y) {
        using type = std::decay_t<decltype(y)>;
        return boost::json::value{boost::json::object{
          {alternative_name<type>, json_codec<type>::write(y)}}};
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
    const bool found
      = ((field.key() == alternative_name<Ts>
          && (problem = json_codec<Ts>::read(field.value(), inner,
                                             x.template emplace<Ts>()),
              true))
         || ...);
    return found ? problem : unknown_field(at, field.key(), known);
  }
};

template <described T>
std::vector<std::string> member_names() {
  std::vector<std::string> names;
  boost::mp11::mp_for_each<members_of<T>>(
    [&](auto d) { names.emplace_back(d.name); });
  return names;
}

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// True when a text form may leave the member out.
template <class Struct, class Member>
inline constexpr bool may_be_absent
  = omits_defaults<Struct> || is_optional<Member>;

template <described T>
struct json_codec<T> {
  static boost::json::value write(const T& x) {
    boost::json::object out;
    const T defaults{};
    boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
      const auto& member = x.*d.pointer;
      using member_type = std::decay_t<decltype(member)>;
      if constexpr (may_be_absent<T, member_type>)
        if (member == defaults.*d.pointer)
          return;
      out.emplace(d.name, json_codec<member_type>::write(member));
    });
    return out;
  }

  static json_problem read(const boost::json::value& json, const json_place& at,
                           T& x) {
    if (!json.is_object())
      return json_error(at, "an object", json);
    const auto& object = json.get_object();
    std::size_t used = 0;
    json_problem problem;
    for_each_member(x, [&](std::string_view name, auto& member) {
      using member_type = std::decay_t<decltype(member)>;
      if (problem)
        return;
      if (const auto* field = object.if_contains(name)) {
        ++used;
        problem = json_codec<member_type>::read(*field, {&at, name}, member);
      } else if constexpr (!may_be_absent<T, member_type>) {
        problem = missing_field(at, name);
      }
    });
    if (!problem && used != object.size())
      problem = first_unknown(object, at);
    return problem;
  }

private:
  static json_problem first_unknown(const boost::json::object& object,
                                    const json_place& at) {
    const auto known = member_names<T>();
    for (const auto& field : object)
      if (std::find(known.begin(), known.end(), field.key()) == known.end())
        return unknown_field(at, field.key(), known);
    return {};
  }
};

} // namespace troupe::protocol
