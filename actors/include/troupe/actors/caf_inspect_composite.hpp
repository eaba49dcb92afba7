#pragma once

#include <troupe/protocol/describe.hpp>
#include <troupe/protocol/time.hpp>

#include <caf/error.hpp>
#include <caf/sec.hpp>

#include <cstdint>
#include <optional>
#include <type_traits>
#include <variant>
#include <vector>

/// The parts of caf_inspect_described.hpp that are no structs: enums, lengths
/// of time, lists, optional values and variants.
namespace troupe::protocol::caf_detail {

template <class Inspector, class T>
caf::error apply(Inspector& f, T& x);

template <class Inspector, class E>
caf::error apply_enum(Inspector& f, E& x) {
  auto bits = static_cast<std::underlying_type_t<E>>(x);
  if (auto err = f(bits))
    return err;
  if constexpr (Inspector::writes_state) {
    x = static_cast<E>(bits);
    if (!is_described_value(x))
      return caf::sec::invalid_argument;
  }
  return caf::none;
}

/// As long as a text form can say.
inline constexpr duration duration_max = std::chrono::hours{24 * 3'650};

template <class Inspector>
caf::error apply_duration(Inspector& f, duration& x) {
  if (auto err = f(x))
    return err;
  if (Inspector::writes_state && (x < duration{} || x > duration_max))
    return caf::sec::invalid_argument;
  return caf::none;
}

template <class Inspector, class T>
caf::error apply_list(Inspector& f, std::vector<T>& xs) {
  static_assert(!std::is_empty_v<T>, "an item takes a byte at least");
  auto size = xs.size();
  if (auto err = f.begin_sequence(size))
    return err;
  if constexpr (Inspector::writes_state)
    xs.clear(); // grows with what is really there, not with what is claimed
  for (std::size_t i = 0; i < size; ++i) {
    if constexpr (Inspector::writes_state)
      xs.emplace_back();
    if (auto err = apply(f, xs[i]))
      return err;
  }
  return f.end_sequence();
}

template <class Inspector, class T>
caf::error apply_optional(Inspector& f, std::optional<T>& x) {
  bool has_value = x.has_value();
  if (auto err = f(has_value))
    return err;
  if constexpr (Inspector::writes_state) {
    if (has_value)
      x.emplace();
    else
      x.reset();
  }
  return has_value ? apply(f, *x) : caf::error{};
}

template <class Inspector, class... Ts>
caf::error apply_variant(Inspector& f, std::variant<Ts...>& x) {
  auto index = static_cast<std::uint8_t>(x.index());
  if (auto err = f(index))
    return err;
  if constexpr (Inspector::writes_state) {
    std::uint8_t i = 0;
    const bool known =
        ((i++ == index ? (x.template emplace<Ts>(), true) : false) || ...);
    if (!known)
      return caf::sec::invalid_argument;
  }
  return std::visit([&](auto& y) { return apply(f, y); }, x);
}

} // namespace troupe::protocol::caf_detail
