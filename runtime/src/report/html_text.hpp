#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Markup that is HTML and well-formed XML at once, made of text that nobody
/// vouches for.
namespace troupe::report {

/// Text that can stand between tags and in quoted attributes. It is not made
/// printable: see `document_text`.
[[nodiscard]] std::string html_escaped(std::string_view text);

/// `<name attributes>` escaped `text` `</name>`. `attributes` are markup.
[[nodiscard]] std::string html_element(std::string_view name,
                                       std::string_view text,
                                       std::string_view attributes = {});

/// The same around markup.
[[nodiscard]] std::string html_around(std::string_view name,
                                      std::string_view markup,
                                      std::string_view attributes = {});

/// ` name="7"`, with the blank before it.
[[nodiscard]] std::string html_attribute(std::string_view name,
                                         std::uint64_t value);
/// With the value escaped.
[[nodiscard]] std::string html_attribute(std::string_view name,
                                         std::string_view value);

} // namespace troupe::report
