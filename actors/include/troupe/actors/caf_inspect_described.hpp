#pragma once

#include "troupe/actors/caf_inspect.hpp"

#include <caf/sec.hpp>

#include <optional>
#include <variant>
#include <vector>

/// The bodies of caf_inspect.hpp's functions. They are slow to compile: include
/// this in one source and instantiate there what you need.
/// Format: members in declared order. Structs that omit defaults are led by a
/// bit set (32 bits, one a member) of the members that follow.
namespace troupe::protocol {

namespace caf_detail {

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

template <class Inspector, class T>
caf::error apply_list(Inspector& f, std::vector<T>& xs) {
  auto size = static_cast<std::uint32_t>(xs.size());
  if (auto err = f(size))
    return err;
  if constexpr (Inspector::writes_state)
    xs.clear(); // grows with what is really there, not with what is claimed
  for (std::uint32_t i = 0; i < size; ++i) {
    if constexpr (Inspector::writes_state)
      xs.emplace_back();
    if (auto err = apply(f, xs[i]))
      return err;
  }
  return caf::none;
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

template <class Inspector, described T>
caf::error apply_struct(Inspector& f, T& x) {
  std::uint32_t present = ~std::uint32_t{0};
  if constexpr (omits_defaults<T>) {
    static_assert(boost::mp11::mp_size<members_of<T>>::value <= 32);
    const T defaults{};
    std::uint32_t bit = 1;
    present = 0;
    boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
      if (!(x.*d.pointer == defaults.*d.pointer))
        present |= bit;
      bit <<= 1U;
    });
    if (auto err = f(present))
      return err;
    if constexpr (Inspector::writes_state)
      x = defaults;
  }
  caf::error result;
  std::uint32_t bit = 1;
  boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
    if (!result && (present & bit) != 0)
      result = apply(f, x.*d.pointer);
    bit <<= 1U;
  });
  return result;
}

template <class Inspector, class T>
caf::error apply(Inspector& f, T& x) {
  if constexpr (std::is_enum_v<T>)
    return apply_enum(f, x);
  else if constexpr (described<T>)
    return apply_struct(f, x);
  else if constexpr (requires { apply_list(f, x); })
    return apply_list(f, x);
  else if constexpr (requires { apply_optional(f, x); })
    return apply_optional(f, x);
  else if constexpr (requires { apply_variant(f, x); })
    return apply_variant(f, x);
  else
    return f(x);
}

} // namespace caf_detail

template <described T>
caf::error save_described(caf::serializer& sink, const T& x) {
  // CAF inspects by reference whichever way the bytes go.
  return caf_detail::apply_struct(sink, const_cast<T&>(x));
}

template <described T>
caf::error load_described(caf::deserializer& source, T& x) {
  return caf_detail::apply_struct(source, x);
}

} // namespace troupe::protocol
