#pragma once

#include "binary_source.hpp"
#include "troupe/actors/caf_inspect_described.hpp"

/// The body of `load_part`: slow to compile, as caf_inspect_described.hpp.
namespace troupe::actors {

/// The bits that say which members follow; the rest keeps its defaults.
template <protocol::described T>
caf::error load_present(binary_source& source, T& x) {
  namespace detail = protocol::caf_detail;
  caf::deserializer& f = source;
  std::uint32_t present = 0;
  if (auto err = f(present))
    return err;
  if ((present & ~detail::all_members<T>) != 0 && !source.is_later_minor())
    return caf::sec::invalid_argument;
  return detail::apply_members(f, x, present & detail::all_members<T>);
}

/// Optional members at the end may be missing: an earlier minor version did not
/// have them.
template <protocol::described T>
caf::error load_members(binary_source& source, T& x) {
  caf::deserializer& f = source;
  caf::error failure;
  boost::mp11::mp_for_each<protocol::members_of<T>>([&](auto d) {
    auto& member = x.*d.pointer;
    constexpr bool is_optional = requires {
      member.has_value();
    };
    if (!failure && !(is_optional && source.left() == 0))
      failure = protocol::caf_detail::apply(f, member);
  });
  return failure;
}

template <protocol::described T>
caf::error load_part(binary_source& source, T& x) {
  if (auto err = source.enter_part())
    return err;
  x = T{};
  caf::error failure;
  if constexpr (protocol::omits_defaults<T>)
    failure = load_present(source, x);
  else
    failure = load_members(source, x);
  return failure ? failure : source.leave_part();
}

} // namespace troupe::actors
