#pragma once

#include "troupe/protocol/describe.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace troupe::protocol {

template <class T>
[[nodiscard]] std::size_t heap_bytes(const T& value);

/// What a value takes outside itself, for each form a member may have.
template <class T>
struct heap_of {
  static std::size_t bytes(const T& x) {
    std::size_t sum = 0;
    if constexpr (described<T>)
      boost::mp11::mp_for_each<members_of<T>>(
          [&](auto d) { sum += heap_bytes(x.*d.pointer); });
    return sum;
  }
};

template <>
struct heap_of<std::string> {
  static std::size_t bytes(const std::string& x) { return x.size(); }
};

template <class T>
struct heap_of<std::vector<T>> {
  static std::size_t bytes(const std::vector<T>& xs) {
    std::size_t sum = xs.size() * sizeof(T);
    for (const auto& x : xs)
      sum += heap_bytes(x);
    return sum;
  }
};

template <class T>
struct heap_of<std::optional<T>> {
  static std::size_t bytes(const std::optional<T>& x) {
    return x ? heap_bytes(*x) : 0;
  }
};

template <class... Ts>
struct heap_of<std::variant<Ts...>> {
  static std::size_t bytes(const std::variant<Ts...>& x) {
    return std::visit([](const auto& y) { return heap_bytes(y); }, x);
  }
};

template <class T>
std::size_t heap_bytes(const T& value) {
  return heap_of<T>::bytes(value);
}

/// About what a value takes in memory: itself and all that it owns, without
/// the allocator's share. For bounds in bytes: the same value always weighs the
/// same. Cost: a visit to each member, none to the text itself.
/// Blocking: never. Thread safety: any thread.
template <class T>
[[nodiscard]] std::size_t byte_size(const T& value) {
  return sizeof(T) + heap_bytes(value);
}

} // namespace troupe::protocol
