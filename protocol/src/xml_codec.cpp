#include "troupe/protocol/xml_codec.hpp"

#include "base64.hpp"
#include "shown_text.hpp"
#include "troupe/protocol/nearest.hpp"
#include "troupe/protocol/unicode_text.hpp"

#include <charconv>

namespace troupe::protocol {

namespace {

constexpr std::string_view blank = " \t\r\n";

error malformed(xml_element where, const std::string& pointer,
                const std::string& why) {
  return fail(errc::malformed_message, "line " + std::to_string(where.line())
                                           + ", " + pointer + ": " + why);
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

std::string pointer_to(const xml_place& at, std::string_view field) {
  return at.pointer() + '/' + shown(field, true);
}

xml_problem check_attributes(const xml_place& at, bool may_be_base64) {
  const auto unknown = at.element.unknown_attribute();
  if (!unknown.empty() && !at.skips_unknown())
    return malformed(at.element, at.pointer() + "/@" + shown(unknown, true),
                     "unknown attribute");
  if (at.element.is_base64() && !may_be_base64)
    return malformed(at.element, at.pointer() + "/@encoding",
                     "only a text may be base64");
  return {};
}

xml_problem check_leaf(const xml_place& at, std::string_view expected,
                       bool may_be_base64) {
  if (at.element.first_child())
    return xml_error(at,
                     "expected " + std::string(expected) + ", found elements");
  return check_attributes(at, may_be_base64);
}

template <class T>
xml_problem read_text(const xml_place& at, T& x,
                      result<T> (*parse)(std::string_view),
                      std::string_view expected) {
  std::string_view text;
  if (auto bad = read_word(at, expected, text))
    return bad;
  auto parsed = parse(text);
  if (!parsed)
    return xml_error(at, parsed.error().detail);
  x = *parsed;
  return {};
}

} // namespace

std::string xml_place::pointer() const {
  auto step = '/' + shown(element.name(), true);
  if (position > 0)
    step += '[' + std::to_string(position) + ']';
  return above == nullptr ? step : above->pointer() + step;
}

bool xml_place::skips_unknown() const noexcept {
  return above == nullptr ? is_of_later_minor : above->skips_unknown();
}

error xml_error(const xml_place& at, std::string_view why) {
  return malformed(at.element, at.pointer(), std::string(why));
}

error unknown_element(const xml_place& at, xml_element found,
                      const std::vector<std::string>& known) {
  return malformed(found, pointer_to(at, found.name()),
                   found.is_in_namespace()
                       ? "unknown field" + did_you_mean(found.name(), known)
                       : "not in the namespace " + std::string(xml_namespace));
}

error missing_element(const xml_place& at, std::string_view name) {
  return malformed(at.element, pointer_to(at, name), "missing field");
}

error repeated_element(const xml_place& at, xml_element found) {
  return malformed(found, pointer_to(at, found.name()), "field occurs twice");
}

error unknown_xml_name(const xml_place& at, std::string_view name,
                       const std::vector<std::string>& known) {
  return xml_error(at, "unknown name '" + shown(name, false) + "'"
                           + did_you_mean(name, known)
                           + expected_one_of(known));
}

xml_problem check_root(const xml_place& at, std::string_view name) {
  if (!at.element.is_in_namespace())
    return xml_error(at, "not in the namespace " + std::string(xml_namespace));
  if (at.element.name() != name)
    return unknown_xml_name(at, at.element.name(), {std::string(name)});
  return {};
}

xml_problem check_branch(const xml_place& at) {
  if (!at.element.first_child() && !trimmed(at.element.text()).empty())
    return xml_error(at, "expected elements, found text");
  return check_attributes(at, false);
}

xml_problem read_word(const xml_place& at, std::string_view expected,
                      std::string_view& text) {
  if (auto bad = check_leaf(at, expected, false))
    return bad;
  text = trimmed(at.element.text());
  if (text.empty())
    return xml_error(at,
                     "expected " + std::string(expected) + ", found nothing");
  return {};
}

xml_problem xml_codec<bool>::read(const xml_place& at, bool& x) {
  std::string_view text;
  if (auto bad = read_word(at, "true or false", text))
    return bad;
  if (text != "true" && text != "false")
    return xml_error(at, "expected true or false, found a text");
  x = text == "true";
  return {};
}

xml_problem xml_codec<std::string>::read(const xml_place& at, std::string& x) {
  if (auto bad = check_leaf(at, "a text", true))
    return bad;
  if (!at.element.is_base64()) {
    x = at.element.text();
    return {};
  }
  auto bytes = from_base64(trimmed(at.element.text()));
  if (!bytes)
    return xml_error(at, "expected base64, found a text");
  if (first_not_utf8(*bytes) != bytes->size())
    return xml_error(at, "text that is not UTF-8");
  x = std::move(*bytes);
  return {};
}

xml_problem read_integer(const xml_place& at, std::int64_t min,
                         std::uint64_t max, std::uint64_t& bits) {
  std::string_view text;
  if (auto bad = read_word(at, "an integer", text))
    return bad;
  const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty()
      || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return xml_error(at, "expected an integer, found a text");
  std::errc code{};
  bool is_inside = true;
  if (text.starts_with('-')) {
    std::int64_t value = 0;
    code = std::from_chars(text.data(), text.data() + text.size(), value).ec;
    is_inside = value >= min;
    bits = static_cast<std::uint64_t>(value);
  } else {
    code = std::from_chars(text.data(), text.data() + text.size(), bits).ec;
    is_inside = bits <= max;
  }
  if (code == std::errc{} && is_inside)
    return {};
  return xml_error(at, "out of range, expected " + std::to_string(min) + " to "
                           + std::to_string(max));
}

#define TROUPE_XML_TEXT_CODEC(Type, to_form, parse, expected)                  \
  void xml_codec<Type>::write(xml_writer& out, std::string_view name,          \
                              const Type& x) {                                 \
    out.plain(name, to_form(x));                                               \
  }                                                                            \
  xml_problem xml_codec<Type>::read(const xml_place& at, Type& x) {            \
    return read_text(at, x, &(parse), expected);                               \
  }
TROUPE_XML_TEXT_CODEC(id, to_string, parse_id, "an id")
TROUPE_XML_TEXT_CODEC(instant, to_text, parse_instant, "a time")
TROUPE_XML_TEXT_CODEC(duration, to_text, parse_duration, "a duration")
TROUPE_XML_TEXT_CODEC(money, to_text, parse_money, "dollars")
#undef TROUPE_XML_TEXT_CODEC

} // namespace troupe::protocol
