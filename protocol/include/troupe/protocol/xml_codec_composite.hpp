#pragma once

#include "troupe/protocol/json_codec_struct.hpp"
#include "troupe/protocol/xml_codec.hpp"

#include <type_traits>

/// XML forms of enums, lists, optionals and alternatives.
namespace troupe::protocol {

/// What each element of a list is called.
inline constexpr std::string_view xml_item = "item";

template <described_enum E>
struct xml_codec<E> {
  static void write(xml_writer& out, std::string_view name, E x) {
    out.plain(name, enum_name(x));
  }
  static xml_problem read(const xml_place& at, E& x) {
    std::string_view name;
    if (auto bad = read_word(at, "a name", name))
      return bad;
    if (!enum_from_name(name, x))
      return unknown_xml_name(at, name, enum_names<E>());
    return {};
  }
};

template <class T>
struct xml_codec<std::vector<T>> {
  static_assert(!is_optional<T>, "an item that is absent has no form");
  static void write(xml_writer& out, std::string_view name,
                    const std::vector<T>& xs) {
    out.open(name);
    for (const auto& x : xs)
      xml_codec<T>::write(out, xml_item, x);
    out.close(name);
  }
  static xml_problem read(const xml_place& at, std::vector<T>& xs) {
    if (auto bad = check_branch(at))
      return bad;
    xs.clear();
    for (auto child = at.element.first_child(); child;
         child = child.next_sibling()) {
      if (!child.is(xml_item))
        return unknown_element(at, child, {std::string(xml_item)});
      xs.emplace_back();
      if (auto bad =
              xml_codec<T>::read(xml_place{&at, child, xs.size()}, xs.back()))
        return bad;
    }
    return {};
  }
};

/// A member of a struct that may be absent; nothing is written then.
template <class T>
struct xml_codec<std::optional<T>> {
  static void write(xml_writer& out, std::string_view name,
                    const std::optional<T>& x) {
    if (x)
      xml_codec<T>::write(out, name, *x);
  }
  static xml_problem read(const xml_place& at, std::optional<T>& x) {
    return xml_codec<T>::read(at, x.emplace());
  }
};

template <class... Ts>
struct xml_codec<std::variant<Ts...>> {
  using variant = std::variant<Ts...>;
  static void write(xml_writer& out, std::string_view name, const variant& x) {
    out.open(name);
    std::visit(
        [&](const auto& y) {
          using type = std::decay_t<decltype(y)>;
          xml_codec<type>::write(out, alternative_name<type>, y);
        },
        x);
    out.close(name);
  }
  static xml_problem read(const xml_place& at, variant& x) {
    if (auto bad = check_branch(at))
      return bad;
    const auto child = at.element.first_child();
    if (!child || child.next_sibling())
      return xml_error(at, "expected one element");
    const xml_place inner{&at, child};
    xml_problem problem;
    const auto read_as = [&]<class T>(std::type_identity<T>) {
      if (!child.is(alternative_name<T>))
        return false;
      problem = xml_codec<T>::read(inner, x.template emplace<T>());
      return true;
    };
    if ((read_as(std::type_identity<Ts>{}) || ...))
      return problem;
    return unknown_element(at, child, {std::string(alternative_name<Ts>)...});
  }
};

} // namespace troupe::protocol

#include "troupe/protocol/xml_codec_struct.hpp"
