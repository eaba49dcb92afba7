#pragma once

#include "troupe/protocol/message_variant.hpp"
#include "troupe/protocol/xml_codec.hpp"

#include <string>
#include <string_view>

/// XML in both directions from the one description of each struct.
namespace troupe::protocol {

/// The largest XML text that can be allowed.
inline constexpr std::size_t xml_bytes_end = 1U << 30U;

/// What an XML text may be at most, checked before and while it is parsed.
struct xml_limits {
  std::size_t bytes_max = 16U << 20U; ///< At most `xml_bytes_end`.
  std::size_t depth_max = 32;
  std::size_t elements_max = 1'000'000; ///< Bounds memory: 32 bytes each.
  /// Of one tag with its attributes, of which messages have few.
  std::size_t tag_bytes_max = 1024;
};

/// Parses an XML text in UTF-8. Without network, files, entities, DOCTYPE,
/// processing instructions, and text beside elements; comments are skipped.
/// Errors: `limit_exceeded`, `malformed_message`; the detail starts with the
/// line, as in `line 3: `, or with `document: ` for the whole.
/// Blocking: never; time grows with the text. Thread safety: any thread.
[[nodiscard]] result<xml_document> parse_xml(std::string_view text,
                                             xml_limits limits = {});

/// The XML form of any described value: an element called `name`.
template <class T>
[[nodiscard]] std::string to_xml(const T& value, std::string_view name,
                                 xml_layout layout = xml_layout::one_line) {
  xml_writer out{layout};
  xml_codec<T>::write(out, name, value);
  return std::move(out).take();
}

/// Reads a described value from an element called `name`. Errors: as
/// `parse_xml`; `malformed_message` with the line and an XPath-like pointer of
/// the place: an unknown field, a missing one, one that occurs twice, a wrong
/// type, a number out of range: `line 3, /card/level: ...`.
template <class T>
[[nodiscard]] result<T> from_xml(std::string_view text, std::string_view name,
                                 xml_limits limits = {}) {
  const auto document = parse_xml(text, limits);
  if (!document)
    return document.error();
  const xml_place top{nullptr, document->root()};
  if (auto problem = check_root(top, name))
    return std::move(*problem);
  T value{};
  if (auto problem = xml_codec<T>::read(top, value))
    return std::move(*problem);
  return value;
}

/// The XML text of a message: an element named by its kind that holds `header`
/// and an element named by its type.
[[nodiscard]] std::string
message_to_xml(const any_message& message,
               xml_layout layout = xml_layout::one_line);

/// Reads one message of whichever kind and type its elements name. Errors as
/// `from_xml`. Of the header's schema version any minor of this major is
/// accepted; what this version does not know is skipped in later ones.
/// Blocking: never; time grows with the text. Thread safety: any thread.
[[nodiscard]] result<any_message> message_from_xml(std::string_view text,
                                                   xml_limits limits = {});

} // namespace troupe::protocol
