#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// What a piece of text is.
enum class passage_kind : std::uint8_t {
  sentence,
  heading,
  list_item, ///< A sentence of a list item, or a row of a table.
  code,      ///< One line of code.
};

/// A sentence, heading, item or line of code; a view into the text read.
struct passage {
  std::string_view text; ///< Without outer spaces; may span lines.
  passage_kind kind = passage_kind::sentence;
  std::uint32_t block = 0; ///< Passages of one paragraph share a number.

  bool operator==(const passage&) const = default;
};

/// Splits a text into passages, in order. Knows Markdown (headings, lists,
/// quotes, fences, tables), wrapped prose, abbreviations, initials, numbers,
/// quoted speech, and code without fences. Lines that hold markup alone are
/// left out. A passage has at most 600 bytes; longer ones are cut at a space.
/// Cost: linear. At most `count_max` passages; the rest of the text is left.
[[nodiscard]] std::vector<passage>
split_passages(std::string_view text, std::size_t count_max = 20'000);

/// Splits one paragraph of prose into sentences, in order.
[[nodiscard]] std::vector<std::string_view>
split_sentences(std::string_view paragraph);

/// True for a line of code that introduces or explains: a comment, or the head
/// of a type, function or module.
[[nodiscard]] bool is_telling_code(std::string_view line) noexcept;

/// True for a line that reads like code rather than prose.
[[nodiscard]] bool looks_like_code(std::string_view line) noexcept;

/// Without spaces on either side.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// One space for each run of white space; trimmed.
[[nodiscard]] std::string one_line(std::string_view text);

} // namespace troupe::actors
