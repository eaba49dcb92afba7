#include "xml_precheck.hpp"

#include "shown_text.hpp"
#include "troupe/protocol/unicode_text.hpp"

#include <algorithm>

namespace troupe::protocol {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view blank = " \t\r\n";

/// The value of a pseudo-attribute as in `encoding="UTF-8"`; none when it is
/// not there, or not written as it must be.
std::optional<std::string> value_in(std::string_view declaration,
                                    std::string_view name) {
  auto at = declaration.find(name);
  if (at == std::string_view::npos)
    return {};
  at = declaration.find_first_not_of(" \t\r\n=", at + name.size());
  if (at == std::string_view::npos
      || (declaration[at] != '"' && declaration[at] != '\''))
    return {};
  const auto end = declaration.find(declaration[at], at + 1);
  if (end == std::string_view::npos)
    return {};
  return std::string(declaration.substr(at + 1, end - at - 1));
}

std::string in_capitals(std::string text) {
  for (auto& c : text)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// Walks over the markup of one text.
class markup_check {
public:
  markup_check(std::string_view text, const xml_limits& limits)
      : text_(text), limits_(limits) {}

  std::optional<error> run() {
    if (text_.starts_with(byte_order_mark))
      at_ = byte_order_mark.size();
    if (auto bad = declaration())
      return bad;
    for (;;) {
      at_ = text_.find('<', at_);
      if (at_ == std::string_view::npos)
        return {};
      if (auto bad = markup())
        return bad;
    }
  }

private:
  [[nodiscard]] bool here(std::string_view start) const {
    return text_.substr(at_).starts_with(start);
  }

  [[nodiscard]] error refuse(errc code, const std::string& why) const {
    return xml_refusal(text_, at_, code, why);
  }

  /// Goes behind the next `end`, or to the end of the text.
  void skip(std::size_t start, std::string_view end) {
    const auto found = text_.find(end, at_ + start);
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
  }

  std::optional<error> declaration() {
    if (!here("<?xml") || at_ + 5 >= text_.size()
        || blank.find(text_[at_ + 5]) == std::string_view::npos)
      return {};
    const auto begin = at_;
    skip(0, "?>");
    const auto all = text_.substr(begin, at_ - begin);
    const auto encoding = value_in(all, "encoding");
    at_ = begin;
    if (encoding && in_capitals(*encoding) != "UTF-8")
      return refuse(errc::malformed_message, "encoding '"
                                                 + shown(*encoding, false)
                                                 + "', expected UTF-8");
    if (const auto version = value_in(all, "version");
        version && *version != "1.0")
      return refuse(errc::malformed_message, "XML version '"
                                                 + shown(*version, false)
                                                 + "', expected 1.0");
    at_ = begin + all.size();
    return {};
  }

  std::optional<error> markup() {
    if (here("<!--")) {
      skip(4, "-->");
      return {};
    }
    if (here("<![CDATA[")) {
      skip(9, "]]>");
      return {};
    }
    if (here("<!"))
      return refuse(errc::malformed_message,
                    "a declaration such as DOCTYPE is not allowed");
    if (here("<?"))
      return refuse(errc::malformed_message,
                    "a processing instruction is not allowed");
    return tag();
  }

  std::optional<error> tag() {
    const auto begin = at_;
    const bool is_end = here("</");
    char quote = 0;
    std::size_t i = begin + 1;
    for (; i < text_.size(); ++i) {
      const char c = text_[i];
      if (i - begin >= limits_.tag_bytes_max)
        return refuse(errc::limit_exceeded,
                      "a tag of more than "
                          + std::to_string(limits_.tag_bytes_max) + " bytes");
      if (c == '<' || (quote == 0 && c == '>'))
        break;
      if (quote == 0 ? c == '"' || c == '\'' : c == quote)
        quote = quote == 0 ? c : '\0';
    }
    const bool is_empty = i < text_.size() && text_[i - 1] == '/';
    if (auto bad = count(is_end, is_empty))
      return bad;
    at_ = std::max(i, begin + 1);
    return {};
  }

  std::optional<error> count(bool is_end, bool is_empty) {
    if (is_end) {
      depth_ -= depth_ > 0 ? 1 : 0;
      return {};
    }
    if (++elements_ > limits_.elements_max)
      return refuse(errc::limit_exceeded, "too many elements");
    if (depth_ + 1 > limits_.depth_max)
      return refuse(errc::limit_exceeded,
                    "elements deeper than "
                        + std::to_string(limits_.depth_max));
    depth_ += is_empty ? 0 : 1;
    return {};
  }

  std::string_view text_;
  const xml_limits& limits_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t elements_ = 0;
};

} // namespace

error xml_refusal(std::string_view text, std::size_t offset, errc code,
                  const std::string& why) {
  const auto before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  return fail(code, "line " + std::to_string(line) + ": " + why);
}

std::optional<error> precheck_xml(std::string_view text,
                                  const xml_limits& limits) {
  if (text.size() > limits.bytes_max || text.size() > xml_bytes_end)
    return fail(
        errc::limit_exceeded,
        "document: " + std::to_string(text.size()) + " bytes, allowed are "
            + std::to_string(std::min(limits.bytes_max, xml_bytes_end)));
  if (text.empty())
    return xml_refusal(text, 0, errc::malformed_message, "nothing is there");
  auto bad = first_not_utf8(text);
  bad = std::min(bad, text.find('\0'));
  if (bad != text.size())
    return xml_refusal(text, bad, errc::malformed_message,
                       "text that is not UTF-8");
  return markup_check{text, limits}.run();
}

} // namespace troupe::protocol
