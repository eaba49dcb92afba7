#include "troupe/actors/binary_message.hpp"

#include "binary_source.hpp"

#include <troupe/protocol/nearest.hpp>
#include <troupe/protocol/schema_version.hpp>

#include <caf/serializer_impl.hpp>

#include <algorithm>
#include <limits>

namespace troupe::actors {

using namespace protocol;

namespace {

using byte_sink = caf::serializer_impl<std::vector<std::byte>>;

constexpr std::size_t name_bytes_max = 64;

std::size_t bytes_max_of(const binary_limits& limits) {
  return std::min<std::size_t>(limits.bytes_max,
                               std::numeric_limits<std::uint32_t>::max());
}

error too_large(std::size_t bytes, const binary_limits& limits) {
  return fail(errc::limit_exceeded, "document: " + std::to_string(bytes)
                                        + " bytes, allowed are "
                                        + std::to_string(bytes_max_of(limits)));
}

/// A struct, led by its size in bytes.
template <described T>
caf::error write_part(byte_sink& sink, const T& part) {
  const auto begin = sink.write_pos();
  std::uint32_t size = 0;
  if (auto err = sink(size))
    return err;
  if (auto err = save_described(sink, part))
    return err;
  const auto end = sink.write_pos();
  size = static_cast<std::uint32_t>(end - begin - sizeof size);
  sink.seek(begin);
  if (auto err = sink(size))
    return err;
  sink.seek(end);
  return caf::none;
}

template <class Envelope>
caf::error write_as(byte_sink& sink, const Envelope& message) {
  auto version = schema_version; // of these bytes, whatever the header says
  std::string kind{enum_name(Envelope::kind)};
  std::string type{body_name<decltype(message.body)>};
  if (auto err = sink(version, kind, type))
    return err;
  if (auto err = write_part(sink, message.head))
    return err;
  return write_part(sink, message.body);
}

/// A message that can be read, by the names in its frame.
struct readable_message {
  message_kind kind;
  std::string_view type;
  caf::error (*read)(binary_source&, header&, any_message&);
};

template <class Envelope>
caf::error read_as(binary_source& source, header& head, any_message& to) {
  Envelope message;
  message.head = std::move(head);
  if (auto err = load_part(source, message.body))
    return err;
  to = any_message{std::move(message)};
  return caf::none;
}

const std::vector<readable_message>& readable_messages() {
  static const auto all = [] {
    std::vector<readable_message> list;
    for_each_message_type([&](auto which) {
      using envelope = typename decltype(which)::type;
      list.push_back({envelope::kind, body_name<decltype(envelope::body)>,
                      &read_as<envelope>});
    });
    return list;
  }();
  return all;
}

/// Refuses other majors before anything is read that may mean something else.
caf::error read_version(binary_source& source) {
  std::uint16_t version = 0;
  const auto begin = source.position();
  if (auto err = source(version))
    return err;
  if (!is_readable_version(version))
    return source.refuse_at(begin, refusal_of_version(version));
  source.set_later_minor(version > schema_version);
  return caf::none;
}

caf::error read_name(binary_source& source, std::string& name) {
  const auto begin = source.position();
  if (auto err = source(name))
    return err;
  const bool is_name =
      !name.empty() && name.size() <= name_bytes_max
      && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
  return is_name ? caf::error{} : source.refuse_at(begin, "expected a name");
}

caf::error read_kind(binary_source& source, message_kind& kind) {
  std::string name;
  const auto begin = source.position();
  if (auto err = read_name(source, name))
    return err;
  if (enum_from_name(name, kind))
    return caf::none;
  return source.refuse_at(begin,
                          "unknown kind '" + name + "'"
                              + did_you_mean(name, enum_names<message_kind>()));
}

caf::error read_type(binary_source& source, message_kind kind,
                     const readable_message*& found) {
  std::string name;
  const auto begin = source.position();
  if (auto err = read_name(source, name))
    return err;
  bool is_known = false;
  for (const auto& each : readable_messages()) {
    if (each.type != name)
      continue;
    is_known = true;
    if (each.kind == kind)
      found = &each;
  }
  if (found != nullptr)
    return caf::none;
  return source.refuse_at(
      begin, is_known ? "'" + name + "' is no " + std::string(enum_name(kind))
                      : "unknown message '" + name + "'"
                            + did_you_mean(name, message_types()));
}

/// The sender of a message may be of another version than who wrote its bytes.
caf::error read_header(binary_source& source, header& head) {
  const auto begin = source.position();
  if (auto err = load_part(source, head))
    return err;
  if (!is_readable_version(head.version))
    return source.refuse_at(begin,
                            "header of " + refusal_of_version(head.version));
  return caf::none;
}

caf::error read_message(binary_source& source, any_message& to) {
  auto kind = message_kind::request;
  const readable_message* found = nullptr;
  header head;
  if (auto err = read_version(source))
    return err;
  if (auto err = read_kind(source, kind))
    return err;
  if (auto err = read_type(source, kind, found))
    return err;
  if (auto err = read_header(source, head))
    return err;
  if (auto err = found->read(source, head, to))
    return err;
  if (source.left() != 0)
    return source.refuse_at(source.position(),
                            std::to_string(source.left())
                                + " bytes behind the message");
  return caf::none;
}

} // namespace

result<std::vector<std::byte>> write_binary(const any_message& message,
                                            binary_limits limits) {
  try {
    std::vector<std::byte> bytes;
    byte_sink sink{nullptr, bytes};
    if (std::visit([&](const auto& it) { return write_as(sink, it); }, message))
      return fail(errc::internal, "document: CAF cannot write this message");
    if (bytes.size() > bytes_max_of(limits))
      return too_large(bytes.size(), limits);
    return bytes;
  } catch (const std::exception& problem) {
    return fail(errc::limit_exceeded,
                std::string{"document: "} + problem.what());
  }
}

result<any_message> read_binary(std::span<const std::byte> bytes,
                                binary_limits limits) {
  if (bytes.size() > bytes_max_of(limits))
    return too_large(bytes.size(), limits);
  try {
    binary_source source{bytes, limits.items_max};
    any_message message;
    if (read_message(source, message))
      return source.refusal();
    return message;
  } catch (const std::exception& problem) {
    return fail(errc::limit_exceeded,
                std::string{"document: "} + problem.what());
  }
}

} // namespace troupe::actors
