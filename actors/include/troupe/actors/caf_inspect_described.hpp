#pragma once

#include "troupe/actors/caf_inspect.hpp"
#include "troupe/actors/caf_inspect_composite.hpp"

#include <caf/sec.hpp>

/// The bodies of caf_inspect.hpp's functions. They are slow to compile: include
/// this in one source and instantiate there what you need.
/// Format: members in declared order. Structs that omit defaults are led by a
/// bit set (32 bits, one a member) of the members that follow; lists by their
/// size, as CAF writes that of a text. Of what is read, a value that has no
/// form in JSON is refused: an unknown enum value, a negative duration.
namespace troupe::protocol {

namespace caf_detail {

/// The bits of all members of a struct that omits defaults.
template <described T>
inline constexpr std::uint32_t all_members = [] {
  constexpr auto count = boost::mp11::mp_size<members_of<T>>::value;
  return static_cast<std::uint32_t>((std::uint64_t{1} << count) - 1);
}();

template <described T>
std::uint32_t members_present(const T& x) {
  const T defaults{};
  std::uint32_t present = 0;
  std::uint32_t bit = 1;
  boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
    if (!(x.*d.pointer == defaults.*d.pointer))
      present |= bit;
    bit <<= 1U;
  });
  return present;
}

template <class Inspector, described T>
caf::error apply_members(Inspector& f, T& x, std::uint32_t present) {
  static_assert(boost::mp11::mp_size<members_of<T>>::value <= 32);
  caf::error result;
  std::uint32_t bit = 1;
  boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
    if (!result && (present & bit) != 0)
      result = apply(f, x.*d.pointer);
    bit <<= 1U;
  });
  return result;
}

template <class Inspector, described T>
caf::error apply_struct(Inspector& f, T& x) {
  if constexpr (omits_defaults<T>) {
    auto present = members_present(x);
    if (auto err = f(present))
      return err;
    if constexpr (Inspector::writes_state) {
      if ((present & ~all_members<T>) != 0)
        return caf::sec::invalid_argument;
      x = T{};
    }
    return apply_members(f, x, present);
  } else {
    return apply_members(f, x, ~std::uint32_t{0});
  }
}

template <class Inspector, class T>
caf::error apply(Inspector& f, T& x) {
  if constexpr (std::is_enum_v<T>)
    return apply_enum(f, x);
  else if constexpr (described<T>)
    return apply_struct(f, x);
  else if constexpr (std::is_same_v<T, duration>)
    return apply_duration(f, x);
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
