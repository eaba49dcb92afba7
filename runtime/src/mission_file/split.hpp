#pragma once

#include <boost/describe/enum.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::mission_file {

/// Where a text is cut.
enum class split_by : std::uint8_t {
  heading, ///< Before each line that matches the pattern.
  blank,   ///< At blank lines.
  lines,   ///< After each line.
  chars,   ///< When a piece is full.
};
BOOST_DESCRIBE_ENUM(split_by, heading, blank, lines, chars)

struct split_rule {
  split_by by = split_by::heading;
  std::string pattern = "#";     ///< Start of a heading; `*` and `?` as wild.
  std::uint32_t parts_max = 200; ///< More is a problem, never cut off.
  std::uint32_t chars_max = 0;   ///< Bytes of a part; 0: no limit.
};

/// A piece of a text. Never blank.
struct text_piece {
  std::string title; ///< First line, at most 80 bytes, without control signs.
  std::string text;
};

/// Cuts a text. Nothing is lost but blank lines between the pieces. A piece
/// over `chars_max` is cut again at the last blank line, line, sentence or
/// space before the limit, and never inside a UTF-8 character. Stops one piece
/// after `parts_max`.
[[nodiscard]] std::vector<text_piece> split_text(std::string_view text,
                                                 const split_rule& rule);

/// The title of a piece that starts like `text`.
[[nodiscard]] std::string title_of(std::string_view text);

} // namespace troupe::mission_file
