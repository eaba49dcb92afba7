#pragma once

// CAF 0.17.6 needs caf_types.hpp before typed_actor.hpp.
#include "troupe/actors/caf_types.hpp"

#include <troupe/protocol/byte_size.hpp>
#include <troupe/protocol/fingerprint.hpp>

#include <caf/mailbox_element.hpp>
#include <caf/typed_actor.hpp>

#include <array>
#include <span>
#include <typeinfo>

namespace troupe::actors {

/// Set to true for a body that must never be refused by a full mailbox: money
/// that is settled, say. There must be another bound on how many there can be.
template <class Body>
inline constexpr bool is_never_refused = false;
template <>
inline constexpr bool is_never_refused<protocol::settle_budget> = true;

/// Set to true for a body of which the receiver has allowed each one by credit:
/// the credit bounds them, so a full mailbox does not refuse them. They stay
/// behind control messages and in order.
template <class Body>
inline constexpr bool is_bounded_by_credit = false;
template <>
inline constexpr bool is_bounded_by_credit<protocol::topic_message> = true;
template <>
inline constexpr bool is_bounded_by_credit<protocol::subscription_gap> = true;
template <>
inline constexpr bool is_bounded_by_credit<protocol::subscription_ended> = true;
template <>
inline constexpr bool is_bounded_by_credit<protocol::state_commit> = true;
template <>
inline constexpr bool is_bounded_by_credit<protocol::state_resync> = true;

template <class T>
concept envelope = requires(const T& x) {
  { T::kind } -> std::convertible_to<protocol::message_kind>;
  { x.head } -> std::convertible_to<const protocol::header&>;
  x.body;
};

/// An internal message that says what it weighs, to be bounded like others.
template <class T>
concept weighed = requires(const T& x) {
  { x.bytes() } -> std::convertible_to<std::size_t>;
};

/// What a mailbox needs to know of a message without knowing its type: how to
/// find its header, what it weighs, whether it may be refused.
struct message_type {
  const std::type_info* type = nullptr;
  /// Null for internal messages, which have no header.
  const protocol::header& (*head)(const void*) = nullptr;
  std::size_t (*bytes)(const void*) = nullptr;
  protocol::id (*fingerprint)(const void*) = nullptr; ///< Of the body.
  std::string_view body;
  protocol::message_kind kind = protocol::message_kind::notification;
  bool is_control = false;
  bool is_cancel = false;
  bool is_credited = false; ///< As `is_bounded_by_credit`.
  bool is_weighed = false;  ///< Takes a place in the mailbox.
};

template <class T>
[[nodiscard]] message_type describe_message() {
  message_type it;
  it.type = &typeid(T);
  if constexpr (envelope<T>) {
    using body_type = decltype(T::body);
    it.head = [](const void* x) -> const protocol::header& {
      return static_cast<const T*>(x)->head;
    };
    it.bytes = [](const void* x) {
      return protocol::byte_size(*static_cast<const T*>(x));
    };
    it.fingerprint = [](const void* x) {
      return protocol::fingerprint_of(static_cast<const T*>(x)->body);
    };
    it.body = protocol::body_name<body_type>;
    it.kind = T::kind;
    it.is_weighed = true;
    it.is_control = T::kind == protocol::message_kind::coordination
                    || is_never_refused<body_type>;
    it.is_cancel = std::is_same_v<body_type, protocol::cancel>;
    it.is_credited = is_bounded_by_credit<body_type>;
  } else if constexpr (weighed<T>) {
    it.bytes = [](const void* x) -> std::size_t {
      return static_cast<const T*>(x)->bytes();
    };
    it.is_weighed = true;
  } else {
    it.bytes = [](const void*) {
      return sizeof(T);
    };
  }
  return it;
}

template <class Signatures>
struct message_types_of;

/// The first type that each handler of an interface takes.
template <class... Signatures>
struct message_types_of<caf::detail::type_list<Signatures...>> {
  template <class Signature>
  struct first_input;

  template <class First, class... Rest, class Output>
  struct first_input<
      caf::typed_mpi<caf::detail::type_list<First, Rest...>, Output>> {
    using type = First;
  };

  static std::span<const message_type> list() {
    static const std::array<message_type, sizeof...(Signatures)> types{
        describe_message<typename first_input<Signatures>::type>()...};
    return types;
  }
};

} // namespace troupe::actors
