#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"
#include "troupe/protocol/money.hpp"
#include "troupe/protocol/time.hpp"
#include "troupe/protocol/xml_document.hpp"
#include "troupe/protocol/xml_writer.hpp"

#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// How `to_xml` and `from_xml` treat each type; see xml.hpp for their use.
namespace troupe::protocol {

/// A place in an XML document: a chain on the stack, made text only on error.
struct xml_place {
  const xml_place* above = nullptr;
  xml_element element = {};
  std::size_t position = 0; ///< Among the items of a list, from 1; 0: no item.
  /// Of the outermost place: the document is of a later minor version, whose
  /// new fields are skipped.
  bool is_of_later_minor = false;

  /// As XPath without prefixes: `/request/perform_task/inputs/item[2]/text`.
  [[nodiscard]] std::string pointer() const;
  [[nodiscard]] bool skips_unknown() const noexcept;
};

using xml_problem = std::optional<error>;

[[nodiscard]] error xml_error(const xml_place& at, std::string_view why);
[[nodiscard]] error unknown_element(const xml_place& at, xml_element found,
                                    const std::vector<std::string>& known);
[[nodiscard]] error missing_element(const xml_place& at, std::string_view name);
[[nodiscard]] error repeated_element(const xml_place& at, xml_element found);
[[nodiscard]] error unknown_xml_name(const xml_place& at, std::string_view name,
                                     const std::vector<std::string>& known);

/// The document's root is troupe's and called `name`.
[[nodiscard]] xml_problem check_root(const xml_place& at,
                                     std::string_view name);
/// Elements may stand here, no text and no attribute.
[[nodiscard]] xml_problem check_branch(const xml_place& at);
/// A text without attributes stands here; `text` is it less the white space
/// around it. `expected` tells what in an error.
[[nodiscard]] xml_problem read_word(const xml_place& at,
                                    std::string_view expected,
                                    std::string_view& text);

template <class T>
struct xml_codec;

template <>
struct xml_codec<bool> {
  static void write(xml_writer& out, std::string_view name, bool x) {
    out.plain(name, x ? "true" : "false");
  }
  static xml_problem read(const xml_place&, bool&);
};

template <>
struct xml_codec<std::string> {
  static void write(xml_writer& out, std::string_view name,
                    const std::string& x) {
    out.text(name, x);
  }
  static xml_problem read(const xml_place&, std::string&);
};

xml_problem read_integer(const xml_place& at, std::int64_t min,
                         std::uint64_t max, std::uint64_t& bits);

template <std::integral T>
requires(!std::same_as<T, bool>) struct xml_codec<T> {
  static void write(xml_writer& out, std::string_view name, T x) {
    out.plain(name, std::to_string(x));
  }
  static xml_problem read(const xml_place& at, T& x) {
    using limits = std::numeric_limits<T>;
    std::uint64_t bits = 0;
    auto problem =
        read_integer(at, static_cast<std::int64_t>(limits::min()),
                     static_cast<std::uint64_t>(limits::max()), bits);
    x = static_cast<T>(bits);
    return problem;
  }
};

/// Values whose XML form is the same text as their JSON form.
#define TROUPE_XML_TEXT_CODEC(Type)                                            \
  template <>                                                                  \
  struct xml_codec<Type> {                                                     \
    static void write(xml_writer& out, std::string_view name, const Type& x);  \
    static xml_problem read(const xml_place&, Type&);                          \
  };
TROUPE_XML_TEXT_CODEC(id)
TROUPE_XML_TEXT_CODEC(instant)
TROUPE_XML_TEXT_CODEC(duration)
TROUPE_XML_TEXT_CODEC(money)
#undef TROUPE_XML_TEXT_CODEC

} // namespace troupe::protocol

#include "troupe/protocol/xml_codec_composite.hpp"
