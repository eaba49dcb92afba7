#pragma once

#include "troupe/protocol/describe.hpp"

#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace troupe::protocol::test {

/// Calls `f(text)` for every text in a value, however deep.
template <class T, class F>
void for_each_text(T& value, const F& f);

template <class T, class F>
void for_each_text_in(std::vector<T>& values, const F& f) {
  for (auto& it : values)
    for_each_text(it, f);
}

template <class T, class F>
void for_each_text_in(std::optional<T>& value, const F& f) {
  if (value)
    for_each_text(*value, f);
}

template <class... Ts, class F>
void for_each_text_in(std::variant<Ts...>& value, const F& f) {
  std::visit([&](auto& it) { for_each_text(it, f); }, value);
}

template <class T, class F>
void for_each_text(T& value, const F& f) {
  if constexpr (std::is_same_v<T, std::string>)
    f(value);
  else if constexpr (described<T>)
    for_each_member(value,
                    [&](std::string_view, auto& it) { for_each_text(it, f); });
  else if constexpr (requires { for_each_text_in(value, f); })
    for_each_text_in(value, f);
}

} // namespace troupe::protocol::test
