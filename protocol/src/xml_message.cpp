#include "troupe/protocol/schema_version.hpp"
#include "troupe/protocol/xml.hpp"

namespace troupe::protocol {

namespace {

constexpr std::string_view header_name = "header";

template <class Envelope>
inline constexpr auto type_of = body_name<decltype(Envelope::body)>;

/// True for an element named by a type that a message of this kind can have.
bool is_body(message_kind kind, xml_element element) {
  bool found = false;
  for_each_message_type([&](auto which) {
    using envelope = typename decltype(which)::type;
    found = found || (envelope::kind == kind && element.is(type_of<envelope>));
  });
  return found;
}

/// The types that a message of this kind can have, for an error.
std::vector<std::string> types_of(message_kind kind) {
  std::vector<std::string> names;
  for_each_message_type([&](auto which) {
    using envelope = typename decltype(which)::type;
    if (envelope::kind == kind)
      names.emplace_back(type_of<envelope>);
  });
  return names;
}

xml_problem read_kind(const xml_place& top, message_kind& kind) {
  const auto name = top.element.name();
  if (!enum_from_name(name, kind))
    return unknown_xml_name(top, name, enum_names<message_kind>());
  return check_root(top, name);
}

xml_problem read_version(const xml_place& head, std::uint16_t& version) {
  for (auto child = head.element.first_child(); child;
       child = child.next_sibling()) {
    if (!child.is("version"))
      continue;
    const xml_place place{&head, child};
    if (auto bad = xml_codec<std::uint16_t>::read(place, version))
      return bad;
    if (!is_readable_version(version))
      return xml_error(place, refusal_of_version(version));
  }
  return {};
}

struct message_parts {
  xml_element header;
  xml_element body;
};

xml_problem take_part(const xml_place& top, xml_element child,
                      message_kind kind, message_parts& parts) {
  const bool is_header = child.is(header_name);
  if (!is_header && !is_body(kind, child)) {
    if (top.skips_unknown())
      return {};
    return child.is_in_namespace()
               ? unknown_xml_name({&top, child}, child.name(), types_of(kind))
               : unknown_element(top, child, {});
  }
  auto& part = is_header ? parts.header : parts.body;
  if (part)
    return repeated_element(top, child);
  part = child;
  return {};
}

/// Finds header and body, and whether the message is of a later minor version.
xml_problem open_message(xml_place& top, message_kind kind,
                         message_parts& parts) {
  auto version = schema_version;
  for (auto child = top.element.first_child(); child;
       child = child.next_sibling())
    if (child.is(header_name))
      if (auto bad = read_version({&top, child}, version))
        return bad;
  top.is_of_later_minor = version > schema_version;
  if (auto bad = check_branch(top))
    return bad;
  for (auto child = top.element.first_child(); child;
       child = child.next_sibling())
    if (auto bad = take_part(top, child, kind, parts))
      return bad;
  if (!parts.header)
    return missing_element(top, header_name);
  if (!parts.body)
    return xml_error(top, "expected an element named by the message's type");
  return {};
}

template <class Envelope>
result<any_message> read_as(const xml_place& top, const message_parts& parts) {
  Envelope message;
  if (auto bad = xml_codec<header>::read({&top, parts.header}, message.head))
    return std::move(*bad);
  if (auto bad = xml_codec<decltype(message.body)>::read({&top, parts.body},
                                                         message.body))
    return std::move(*bad);
  return any_message{std::move(message)};
}

} // namespace

std::string message_to_xml(const any_message& message, xml_layout layout) {
  xml_writer out{layout};
  std::visit(
      [&](const auto& it) {
        using envelope = std::decay_t<decltype(it)>;
        const auto kind = enum_name(envelope::kind);
        out.open(kind);
        xml_codec<header>::write(out, header_name, it.head);
        xml_codec<decltype(it.body)>::write(out, type_of<envelope>, it.body);
        out.close(kind);
      },
      message);
  return std::move(out).take();
}

result<any_message> message_from_xml(std::string_view text, xml_limits limits) {
  const auto document = parse_xml(text, limits);
  if (!document)
    return document.error();
  xml_place top{nullptr, document->root()};
  auto kind = message_kind::request;
  if (auto bad = read_kind(top, kind))
    return std::move(*bad);
  message_parts parts;
  if (auto bad = open_message(top, kind, parts))
    return std::move(*bad);
  result<any_message> found = fail(errc::internal, "no such message");
  for_each_message_type([&](auto which) {
    using envelope = typename decltype(which)::type;
    if (envelope::kind == kind && parts.body.is(type_of<envelope>))
      found = read_as<envelope>(top, parts);
  });
  return found;
}

} // namespace troupe::protocol
