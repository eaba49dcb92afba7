#pragma once

#include <troupe/protocol/describe.hpp>
#include <troupe/protocol/header.hpp>
#include <troupe/protocol/money.hpp>

#include <caf/deserializer.hpp>
#include <caf/error.hpp>
#include <caf/serializer.hpp>
#include <caf/string_view.hpp>

#include <type_traits>

/// CAF (de)serialisation of every described struct from its description. The
/// functions stand in the structs' own namespace, where CAF looks for them.
/// The bodies for troupe's messages are compiled once, in troupe_actors; a
/// described type of your own needs caf_inspect_described.hpp in one source.
namespace troupe::protocol {

template <described T>
caf::error save_described(caf::serializer& sink, const T& x);
template <described T>
caf::error load_described(caf::deserializer& source, T& x);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, id& x) {
  return f(x.high, x.low);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, money& x) {
  return f(x.nano_usd);
}

template <class Inspector, described T>
typename Inspector::result_type inspect(Inspector& f, T& x) {
  if constexpr (std::is_base_of_v<caf::serializer, Inspector>)
    return save_described(f, x);
  else if constexpr (std::is_base_of_v<caf::deserializer, Inspector>)
    return load_described(f, x);
  else {
    static_assert(std::is_void_v<typename Inspector::result_type>);
    f(caf::string_view{"..."}); // CAF's printer; ours is protocol/print.hpp
  }
}

} // namespace troupe::protocol
