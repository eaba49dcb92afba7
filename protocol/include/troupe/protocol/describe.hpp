#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <string_view>
#include <type_traits>

/// What a `BOOST_DESCRIBE_STRUCT` line gives to every codec of troupe.
namespace troupe::protocol {

/// A plain struct with a description of its members.
template <class T>
concept described =
    std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

/// An enum with a description of its values.
template <class T>
concept described_enum =
    std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

/// Set to true for a struct whose members may be left out of text forms when
/// they hold their default. Elsewhere every member is required.
template <class T>
inline constexpr bool omits_defaults = false;

/// The name of an alternative of a `std::variant` in text forms; specialised
/// beside each struct that is one.
template <class T>
inline constexpr std::string_view alternative_name = {};

template <described T>
using members_of =
    boost::describe::describe_members<T, boost::describe::mod_public
                                             | boost::describe::mod_inherited>;

/// Calls `f(name, member)` for each member of `object` in declared order.
template <class T, class F>
requires described<std::remove_const_t<T>>
void for_each_member(T& object, F&& f) {
  boost::mp11::mp_for_each<members_of<std::remove_const_t<T>>>(
      [&](auto d) { f(std::string_view{d.name}, object.*d.pointer); });
}

/// The value's name; empty for a value that is not described.
template <described_enum E>
constexpr std::string_view enum_name(E value) {
  std::string_view name;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
      [&](auto d) {
        if (d.value == value)
          name = d.name;
      });
  return name;
}

/// Sets `value` to the one called `name`; false when there is none.
template <described_enum E>
constexpr bool enum_from_name(std::string_view name, E& value) {
  bool found = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
      [&](auto d) {
        if (name == d.name) {
          value = d.value;
          found = true;
        }
      });
  return found;
}

/// True when `value` is one of the described values.
template <described_enum E>
constexpr bool is_described_value(E value) {
  return !enum_name(value).empty();
}

} // namespace troupe::protocol
