#include "mission_file/split.hpp"

#include "mission_file/glob.hpp"

#include <algorithm>

namespace troupe::mission_file {

namespace {

constexpr std::string_view white = " \t\r\n\f";
constexpr std::size_t heading_max = 400; // bytes of a line that are looked at

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(white);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

/// Blank lines in front and white space at the end; indents stay.
std::string_view without_blank_edges(std::string_view text) {
  const auto first = text.find_first_not_of(white);
  if (first == std::string_view::npos)
    return {};
  const auto line = text.rfind('\n', first);
  text.remove_prefix(line == std::string_view::npos ? 0 : line + 1);
  return text.substr(0, text.find_last_not_of(white) + 1);
}

/// Collects pieces, cutting those that are too long.
class piece_list {
public:
  explicit piece_list(const split_rule& rule) : rule_{rule} {}

  [[nodiscard]] bool is_full() const { return pieces.size() > rule_.parts_max; }

  void add(std::string_view text) {
    text = without_blank_edges(text);
    while (!text.empty() && !is_full()) {
      const auto size = fitting_size(text);
      const auto piece = without_blank_edges(text.substr(0, size));
      if (!piece.empty())
        pieces.push_back({title_of(piece), std::string{piece}});
      text.remove_prefix(size);
      text = without_blank_edges(text);
    }
  }

  std::vector<text_piece> pieces;

private:
  /// How much of `text` goes into the next piece.
  [[nodiscard]] std::size_t fitting_size(std::string_view text) const {
    const std::size_t most = rule_.chars_max;
    if (most == 0 || text.size() <= most)
      return text.size();
    const auto window = text.substr(0, most);
    for (std::string_view mark : {"\n\n", "\n", ". ", " "}) {
      const auto at = window.rfind(mark);
      if (at != std::string_view::npos && at >= most / 2)
        return at + mark.size();
    }
    auto cut = most;
    while (cut > 1 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
      --cut;
    return cut;
  }

  const split_rule& rule_;
};

/// Cuts before every line for which `starts` holds.
template <class F>
void cut_lines(std::string_view text, piece_list& out, F starts) {
  std::size_t piece = 0;
  for (std::size_t line = 0; line < text.size() && !out.is_full();) {
    const auto end = std::min(text.find('\n', line), text.size() - 1) + 1;
    if (line != piece && starts(text.substr(line, end - line))) {
      out.add(text.substr(piece, line - piece));
      piece = line;
    }
    line = end;
  }
  out.add(text.substr(piece));
}

} // namespace

std::string title_of(std::string_view text) {
  constexpr std::size_t title_max = 80;
  text = trimmed(text);
  text = trimmed(text.substr(0, text.find('\n')));
  while (text.starts_with('#'))
    text.remove_prefix(1);
  text = trimmed(text);
  std::string title{text.substr(0, title_max)};
  if (text.size() > title_max) {
    auto is_tail = [&] {
      return (static_cast<unsigned char>(text[title.size()]) & 0xC0U) == 0x80U;
    };
    while (!title.empty() && is_tail())
      title.pop_back();
  }
  std::replace_if(
      title.begin(), title.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20U; }, ' ');
  return title;
}

std::vector<text_piece> split_text(std::string_view text,
                                   const split_rule& rule) {
  piece_list out{rule};
  switch (rule.by) {
  case split_by::heading:
    cut_lines(text, out, [&](std::string_view line) {
      return glob_matches(rule.pattern + '*', line.substr(0, heading_max));
    });
    break;
  case split_by::blank: {
    bool after_blank = false;
    cut_lines(text, out, [&](std::string_view line) {
      const bool is_blank = trimmed(line).empty();
      const bool starts = after_blank && !is_blank;
      after_blank = is_blank;
      return starts;
    });
    break;
  }
  case split_by::lines:
    cut_lines(text, out, [](std::string_view) { return true; });
    break;
  case split_by::chars:
    out.add(text);
    break;
  }
  return std::move(out.pieces);
}

} // namespace troupe::mission_file
