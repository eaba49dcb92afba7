#pragma once

#include "troupe/protocol/json.hpp"
#include "troupe/protocol/message_list.hpp"

#include <boost/mp11/algorithm.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace troupe::protocol {

#define TROUPE_ENVELOPE(kind, body) , kind<body>

/// The types of all messages, as the alternatives of a variant.
using message_types_variant =
    std::variant<state_update TROUPE_MESSAGES(TROUPE_ENVELOPE)>;

#undef TROUPE_ENVELOPE

/// Any message of troupe, for those who cannot know beforehand which comes:
/// a `std::variant`, for `std::visit`, `std::get` and the like. Its special
/// members are compiled once: with so many types they are costly.
class any_message : public message_types_variant {
public:
  using variant = message_types_variant;

  any_message();
  any_message(const any_message& other);
  any_message(any_message&& other) noexcept;
  any_message& operator=(const any_message& other);
  any_message& operator=(any_message&& other) noexcept;
  ~any_message();

  /// `message` is one of the types of the list.
  template <class Message>
  requires(boost::mp11::mp_contains<variant, Message>::value)
      any_message(Message message); // NOLINT: as a variant

  [[nodiscard]] bool operator==(const any_message& other) const;
};

/// Calls `f(mp_identity<Message>{})` for each type of message, in the list's
/// order.
template <class F>
void for_each_message_type(F&& f) {
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity,
                                                     any_message::variant>>(
      std::forward<F>(f));
}

/// Reads one message of whichever type its fields `kind` and `type` name.
/// Errors: `limit_exceeded` (bytes, depth, values), `malformed_message`; the
/// detail starts with the place: a JSON pointer, an offset as in `byte 17: `,
/// or `document: ` for the whole. Of the header's schema version any minor of
/// this major is accepted. Blocking: never; time grows with the text. Thread
/// safety: any thread.
[[nodiscard]] result<any_message> decode_message(std::string_view text,
                                                 json_limits limits = {});

/// The same for a JSON value that is already parsed.
[[nodiscard]] result<any_message>
any_message_from_json(const boost::json::value& json);

/// The JSON text of a message, on one line.
[[nodiscard]] std::string encode_message(const any_message& message);

/// The names of all types of message, in the list's order.
[[nodiscard]] std::vector<std::string> message_types();

/// The header of a message of any type.
[[nodiscard]] const header& header_of(const any_message& message) noexcept;

} // namespace troupe::protocol
