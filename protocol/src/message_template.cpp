#include "troupe/protocol/message_template.hpp"

#include "shown_text.hpp"
#include "troupe/protocol/json_text.hpp"
#include "troupe/protocol/nearest.hpp"
#include "troupe/protocol/xml.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace troupe::protocol {

namespace {

namespace js = boost::json;

constexpr std::string_view example_id = "01934f2e-5e6f-7abc-8def-0123456789ab";
constexpr std::string_view example_time = "2026-11-21T05:20:03.25Z";

/// What a template shows for a member that holds `value` by default.
template <class T>
struct example {
  static js::value of(const T& value) { return to_json(value); }
};

template <>
struct example<id> {
  static js::value of(const id&) { return js::string(example_id); }
};

template <>
struct example<instant> {
  static js::value of(const instant&) { return js::string(example_time); }
};

template <class T>
struct example<std::vector<T>> {
  static js::value of(const std::vector<T>&) {
    return js::array{example<T>::of(T{})};
  }
};

template <class T>
struct example<std::optional<T>> {
  static js::value of(const std::optional<T>&) { return example<T>::of(T{}); }
};

template <class First, class... Others>
struct example<std::variant<First, Others...>> {
  static js::value of(const std::variant<First, Others...>&) {
    return js::object{{alternative_name<First>, example<First>::of(First{})}};
  }
};

template <described T>
struct example<T> {
  static js::value of(const T& value) {
    js::object out;
    for_each_member(value, [&](std::string_view name, const auto& member) {
      out[name] = example<std::decay_t<decltype(member)>>::of(member);
    });
    return out;
  }
};

js::object example_header(message_kind kind) {
  js::object out{{"message", example_id}};
  if (kind == message_kind::response)
    out["correlation"] = example_id;
  out["from"] = "sender";
  out["to"] = "receiver";
  return out;
}

/// The two forms differ only in what they write, so one is made of the other.
void write_element(xml_writer& out, std::string_view name,
                   const js::value& json) {
  if (json.is_string())
    return out.text(name, json.get_string());
  if (!json.is_object() && !json.is_array())
    return out.plain(name, js::serialize(json));
  out.open(name);
  if (json.is_array())
    for (const auto& item : json.get_array())
      write_element(out, xml_item, item);
  else
    for (const auto& field : json.get_object())
      write_element(out, field.key(), field.value());
  out.close(name);
}

std::string xml_of(std::string_view kind, std::string_view type,
                   const js::value& head, const js::value& body) {
  xml_writer out{xml_layout::indented};
  out.open(kind);
  write_element(out, "header", head);
  write_element(out, type, body);
  out.close(kind);
  return std::move(out).take();
}

} // namespace

result<std::string> message_template(std::string_view type, text_form form) {
  std::string text;
  for_each_message_type([&](auto which) {
    using envelope = typename decltype(which)::type;
    using body_type = decltype(envelope::body);
    if (type != body_name<body_type> || !text.empty())
      return;
    const auto kind = enum_name(envelope::kind);
    auto head = example_header(envelope::kind);
    auto body = example<body_type>::of(body_type{});
    text = form == text_form::xml ? xml_of(kind, type, head, body)
                                  : indented_json({{"kind", kind},
                                                   {"type", type},
                                                   {"header", head},
                                                   {"body", body}});
  });
  if (text.empty())
    return fail(errc::invalid_request,
                "unknown message '" + shown(type, false) + "'"
                    + did_you_mean(type, message_types()));
  return text;
}

} // namespace troupe::protocol
