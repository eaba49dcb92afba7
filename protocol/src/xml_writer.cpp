#include "troupe/protocol/xml_writer.hpp"

#include "base64.hpp"
#include "troupe/protocol/unicode_text.hpp"
#include "troupe/protocol/xml_document.hpp"

#include <array>
#include <cstdint>

namespace troupe::protocol {

namespace {

/// What a byte of a text asks for.
enum class need : std::uint8_t { nothing, escape, a_closer_look };

constexpr std::array<need, 256> needs_of_bytes() {
  std::array<need, 256> all{};
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = i < 0x20 || i >= 0x80 ? need::a_closer_look : need::nothing;
  all['\t'] = all['\n'] = need::nothing;
  all['&'] = all['<'] = all['>'] = all['\r'] = need::escape;
  return all;
}

constexpr auto needs = needs_of_bytes();

/// A reader turns a carriage return into a line feed, unless it is escaped;
/// `>` is escaped for the sake of `]]>`.
std::string_view escaped(char c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  default:
    return "&#13;";
  }
}

void append_escaped(std::string& out, std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (needs[static_cast<unsigned char>(text[i])] != need::escape)
      continue;
    out.append(text, begin, i - begin).append(escaped(text[i]));
    begin = i + 1;
  }
  out.append(text, begin);
}

bool needs_base64(std::string_view text) {
  for (const char c : text)
    if (needs[static_cast<unsigned char>(c)] == need::a_closer_look)
      return !is_xml_text(text);
  return false;
}

} // namespace

void xml_writer::new_line() {
  if (layout_ == xml_layout::indented && !out_.empty())
    out_.append(1, '\n').append(2 * depth_, ' ');
}

void xml_writer::start(std::string_view name, std::string_view attributes) {
  const bool is_root = out_.empty();
  new_line();
  out_.append(1, '<').append(name);
  if (is_root)
    out_.append(" xmlns=\"").append(xml_namespace).append(1, '"');
  out_.append(attributes).append(1, '>');
  opened_ = out_.size();
}

void xml_writer::end(std::string_view name) {
  if (opened_ == out_.size())
    out_.replace(out_.size() - 1, 1, "/>");
  else
    out_.append("</").append(name).append(1, '>');
}

void xml_writer::open(std::string_view name) {
  start(name, {});
  ++depth_;
}

void xml_writer::close(std::string_view name) {
  --depth_;
  if (opened_ != out_.size())
    new_line();
  end(name);
}

void xml_writer::plain(std::string_view name, std::string_view text) {
  start(name, {});
  out_ += text;
  end(name);
}

void xml_writer::text(std::string_view name, std::string_view text) {
  if (needs_base64(text)) {
    start(name, " encoding=\"base64\"");
    out_ += to_base64(text);
  } else {
    start(name, {});
    append_escaped(out_, text);
  }
  end(name);
}

std::string xml_writer::take() && {
  if (layout_ == xml_layout::indented)
    out_ += '\n';
  return std::move(out_);
}

} // namespace troupe::protocol
