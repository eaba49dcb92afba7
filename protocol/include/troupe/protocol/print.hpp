#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"
#include "troupe/protocol/message_list.hpp"
#include "troupe/protocol/money.hpp"
#include "troupe/protocol/time.hpp"

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The printed form of messages, for logs, test failures and `troupe inspect`.
namespace troupe::protocol {

/// Appends `text` in quotes; control characters escaped, all beyond 80 bytes
/// left out and its length told instead.
void print_quoted(std::string& out, std::string_view text);

/// Lists print so many elements, then how many there are in all.
inline constexpr std::size_t printed_elements_max = 16;

template <class T>
struct printer;

template <>
struct printer<bool> {
  static void print(std::string& out, bool x) { out += x ? "true" : "false"; }
};

template <std::integral T>
requires(!std::same_as<T, bool>) struct printer<T> {
  static void print(std::string& out, T x) { out += std::to_string(x); }
};

template <>
struct printer<std::string> {
  static void print(std::string& out, const std::string& x) {
    print_quoted(out, x);
  }
};

template <described_enum E>
struct printer<E> {
  static void print(std::string& out, E x) {
    const auto name = enum_name(x);
    out += name.empty() ? std::string_view{"unknown"} : name;
  }
};

template <>
struct printer<id> {
  static void print(std::string& out, const id& x) { out += to_string(x); }
};

template <class T>
requires std::same_as<T, instant> || std::same_as<T, duration> || std::same_as<
    T, money>
struct printer<T> {
  static void print(std::string& out, const T& x) { out += to_text(x); }
};

template <class T>
struct printer<std::vector<T>> {
  static void print(std::string& out, const std::vector<T>& xs) {
    out += '[';
    for (std::size_t i = 0; i < xs.size(); ++i) {
      if (i > 0)
        out += ", ";
      if (i == printed_elements_max) {
        out += "... " + std::to_string(xs.size()) + " in all";
        break;
      }
      printer<T>::print(out, xs[i]);
    }
    out += ']';
  }
};

template <class T>
struct printer<std::optional<T>> {
  static void print(std::string& out, const std::optional<T>& x) {
    if (x)
      printer<T>::print(out, *x);
    else
      out += "none";
  }
};

template <class... Ts>
struct printer<std::variant<Ts...>> {
  static void print(std::string& out, const std::variant<Ts...>& x) {
    std::visit(
        [&](const auto& y) {
          using type = std::decay_t<decltype(y)>;
          out += alternative_name<type>;
          printer<type>::print(out, y);
        },
        x);
  }
};

/// `{task: "a", attempt: 2}`; members that hold their default are left out
/// where the struct's text forms may leave them out.
template <described T>
struct printer<T> {
  static void print(std::string& out, const T& x) {
    const T defaults{};
    bool first = true;
    out += '{';
    boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
      const auto& member = x.*d.pointer;
      if constexpr (omits_defaults<T>)
        if (member == defaults.*d.pointer)
          return;
      if (!first)
        out += ", ";
      first = false;
      out.append(d.name).append(": ");
      printer<std::decay_t<decltype(member)>>::print(out, member);
    });
    out += '}';
  }
};

/// The printed form of a body, `cancel{scope: ..., reason: "user"}`, of an
/// envelope, `request perform_task{head: {...}, body: {...}}`, or of any other
/// described struct, `{...}`. For people: not made to be read back.
template <described T>
[[nodiscard]] std::string to_text(const T& value) {
  std::string out;
  if constexpr (requires {
                  T::kind;
                  value.body;
                })
    out.append(enum_name(T::kind))
        .append(" ")
        .append(body_name<std::decay_t<decltype(value.body)>>);
  else
    out.append(body_name<T>);
  printer<T>::print(out, value);
  return out;
}

} // namespace troupe::protocol
