#pragma once

#include "troupe/protocol/xml.hpp"

#include <optional>

namespace troupe::protocol {

/// A refusal that starts with the line of the byte at `offset`.
[[nodiscard]] error xml_refusal(std::string_view text, std::size_t offset,
                                errc code, const std::string& why);

/// Looks at a text before a parser does: its size, its encoding, how much
/// markup there is and of what sort. A parser would look up a DOCTYPE's files,
/// and compares each attribute of a tag with all others of it.
/// What is not XML at all may pass: the parser will say so.
[[nodiscard]] std::optional<error> precheck_xml(std::string_view text,
                                                const xml_limits& limits);

} // namespace troupe::protocol
