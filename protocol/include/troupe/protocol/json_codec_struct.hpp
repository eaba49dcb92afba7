#pragma once

#include "troupe/protocol/json_codec_composite.hpp"

#include <algorithm>

/// JSON forms of described structs: an object with a field per member.
namespace troupe::protocol {

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
inline constexpr bool may_be_absent =
    omits_defaults<Struct> || is_optional<Member>;

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
    if (!problem && used != object.size() && !at.skips_unknown())
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
