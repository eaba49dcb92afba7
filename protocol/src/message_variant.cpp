#include "troupe/protocol/message_variant.hpp"

#include <boost/json/serialize.hpp>
#include <boost/mp11/algorithm.hpp>

#include <optional>

namespace troupe::protocol {

any_message::any_message() = default;
any_message::any_message(const any_message& other) = default;
any_message::any_message(any_message&& other) noexcept = default;
any_message& any_message::operator=(const any_message& other) = default;
any_message& any_message::operator=(any_message&& other) noexcept = default;
any_message::~any_message() = default;

template <class Message>
requires(boost::mp11::mp_contains<message_types_variant, Message>::value)
    any_message::any_message(Message message)
    : variant(std::move(message)) {}

#define TROUPE_CONSTRUCTOR(kind, body)                                         \
  template any_message::any_message(kind<body>);
TROUPE_MESSAGES(TROUPE_CONSTRUCTOR)
#undef TROUPE_CONSTRUCTOR
template any_message::any_message(state_update);

bool any_message::operator==(const any_message& other) const {
  return static_cast<const variant&>(*this)
         == static_cast<const variant&>(other);
}

namespace {

template <class Envelope>
using body_of = decltype(Envelope::body);

template <class Envelope>
result<any_message> read_as(const boost::json::value& json) {
  auto message = message_from_json<Envelope>(json);
  if (!message)
    return std::move(message).error();
  return any_message{std::move(*message)};
}

} // namespace

result<any_message> any_message_from_json(const boost::json::value& json) {
  const json_place top;
  if (!json.is_object())
    return json_error(top, "an object", json);
  const auto* type = json.get_object().if_contains("type");
  if (type == nullptr)
    return missing_field(top, "type");
  const json_place type_place{&top, "type"};
  if (!type->is_string())
    return json_error(type_place, "a name", *type);
  const std::string_view name = type->get_string();
  std::optional<result<any_message>> found;
  for_each_message_type([&](auto which) {
    using envelope = typename decltype(which)::type;
    // A body may travel under two kinds: the first that reads it wins.
    if (name == body_name<body_of<envelope>> && (!found || !*found))
      found = read_as<envelope>(json);
  });
  if (!found)
    return unknown_name(type_place, name, message_types());
  return std::move(*found);
}

result<any_message> decode_message(std::string_view text, json_limits limits) {
  const auto json = parse_json(text, limits);
  if (!json)
    return json.error();
  return any_message_from_json(*json);
}

std::string encode_message(const any_message& message) {
  return boost::json::serialize(
      std::visit([](const auto& m) { return message_to_json(m); }, message));
}

std::vector<std::string> message_types() {
  std::vector<std::string> names;
  for_each_message_type([&](auto which) {
    names.emplace_back(body_name<body_of<typename decltype(which)::type>>);
  });
  return names;
}

const header& header_of(const any_message& message) noexcept {
  return std::visit([](const auto& m) -> const header& { return m.head; },
                    message);
}

} // namespace troupe::protocol
