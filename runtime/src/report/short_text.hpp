#pragma once

#include <string>
#include <string_view>

namespace troupe::report {

/// The first bytes of a text, cut between characters.
[[nodiscard]] std::string_view first_bytes(std::string_view text,
                                           std::size_t bytes) noexcept;

/// A text that nobody vouches for on one line, of at most `columns` and at most
/// six bytes a column, with a `…` where something is left out. It holds nothing
/// that an XML document cannot.
[[nodiscard]] std::string short_line(std::string_view text,
                                     std::size_t columns);

/// As `printable`, less what an XML document cannot hold.
[[nodiscard]] std::string document_text(std::string_view text);

/// The same on one line.
[[nodiscard]] std::string document_line(std::string_view text);

} // namespace troupe::report
