#include "html_text.hpp"

namespace troupe::report {

namespace {

std::string_view entity_of(char c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return {};
  }
}

} // namespace

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (const auto entity = entity_of(c); !entity.empty())
      out += entity;
    else
      out += c;
  }
  return out;
}

std::string html_element(std::string_view name, std::string_view text,
                         std::string_view attributes) {
  return html_around(name, html_escaped(text), attributes);
}

std::string html_around(std::string_view name, std::string_view markup,
                        std::string_view attributes) {
  std::string out{"<"};
  out.append(name).append(attributes).append(">").append(markup);
  return out.append("</").append(name).append(">");
}

std::string html_attribute(std::string_view name, std::uint64_t value) {
  return html_attribute(name, std::to_string(value));
}

std::string html_attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + html_escaped(value) + '"';
}

} // namespace troupe::report
