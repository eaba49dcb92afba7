// The one table of all types of message that can be recorded.
#include "troupe/actors/record_message.hpp"

#include <troupe/protocol/byte_size.hpp>

#include <boost/mp11/algorithm.hpp>

#include <typeindex>
#include <unordered_map>

namespace troupe::actors {

namespace {

template <class T>
inline constexpr bool is_about_history = false;
template <>
inline constexpr bool
    is_about_history<protocol::request<protocol::find_messages>> = true;
template <>
inline constexpr bool
    is_about_history<protocol::response<protocol::messages_found>> = true;

template <class T>
const protocol::header& head_of(const void* message) {
  return static_cast<const T*>(message)->head;
}

template <class T>
record_message copy_of(const void* message) {
  const auto& it = *static_cast<const T*>(message);
  return {it, {}, protocol::byte_size(it)};
}

using table = std::unordered_map<std::type_index, tapped_type>;

table make_table() {
  table types;
  protocol::for_each_message_type([&](auto which) {
    using type = typename decltype(which)::type;
    if constexpr (!is_about_history<type>)
      types.emplace(typeid(type), tapped_type{head_of<type>, copy_of<type>});
  });
  return types;
}

} // namespace

const tapped_type* find_tapped_type(const std::type_info* type) noexcept {
  static const table types = make_table();
  if (type == nullptr) // one of CAF's own
    return nullptr;
  const auto found = types.find(*type);
  return found == types.end() ? nullptr : &found->second;
}

} // namespace troupe::actors
