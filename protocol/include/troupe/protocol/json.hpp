#pragma once

#include "troupe/protocol/json_codec.hpp"
#include "troupe/protocol/message_list.hpp"

#include <string_view>

/// JSON in both directions from the one description of each struct.
namespace troupe::protocol {

/// What a JSON text may be at most, checked before and while it is parsed.
struct json_limits {
  std::size_t bytes_max = 16U << 20U;
  std::size_t depth_max = 32;
  std::size_t values_max = 1'000'000; ///< Bounds memory: 16 bytes each.
};

/// Parses a JSON text. Errors: `limit_exceeded` (bytes, depth, values),
/// `malformed_message` (syntax, a number that JSON cannot hold, a field that
/// occurs twice); the detail starts with the offset, as in `byte 17: `, or with
/// `document: ` for the whole.
[[nodiscard]] result<boost::json::value> parse_json(std::string_view text,
                                                    json_limits limits = {});

/// The JSON form of any described value.
template <class T>
[[nodiscard]] boost::json::value to_json(const T& value) {
  return json_codec<T>::write(value);
}

/// Reads a described value. Errors: `malformed_message`; the detail starts with
/// the JSON pointer (RFC 6901) of the place and tells what was expected there:
/// an unknown field, a missing one, a wrong type, a number out of range.
template <class T>
[[nodiscard]] result<T> from_json(const boost::json::value& json) {
  T value{};
  if (auto problem = json_codec<T>::read(json, json_place{}, value))
    return std::move(*problem);
  return value;
}

/// The JSON form of an envelope: `kind`, `type`, `header`, `body`.
template <class Envelope>
[[nodiscard]] boost::json::value message_to_json(const Envelope& message) {
  using body_type = decltype(message.body);
  return boost::json::object{{"kind", enum_name(Envelope::kind)},
                             {"type", body_name<body_type>},
                             {"header", to_json(message.head)},
                             {"body", to_json(message.body)}};
}

/// Reads an envelope of a known type. Errors as `from_json`.
template <class Envelope>
[[nodiscard]] result<Envelope>
message_from_json(const boost::json::value& json) {
  using body_type = decltype(Envelope::body);
  Envelope message;
  auto parts =
      open_envelope(json, enum_name(Envelope::kind), body_name<body_type>);
  if (!parts)
    return parts.error();
  const json_place top{nullptr, {}, 0, parts->is_of_later_minor};
  if (auto problem = json_codec<header>::read(
          *parts->header, json_place{&top, "header"}, message.head))
    return std::move(*problem);
  if (auto problem = json_codec<body_type>::read(
          *parts->body, json_place{&top, "body"}, message.body))
    return std::move(*problem);
  return message;
}

} // namespace troupe::protocol
