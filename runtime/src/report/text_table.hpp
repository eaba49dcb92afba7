#pragma once

#include "tone.hpp"

#include <string>
#include <vector>

namespace troupe::report {

/// A table of text in columns. Whatever its cells hold, it takes one line a
/// row: control characters are left out.
class text_table {
public:
  struct column {
    std::string title;
    bool right = false;  ///< Figures stand at the right.
    bool shrink = false; ///< Gives way first where the page is narrow.
    /// Left out where the page is still too narrow, low numbers first; 0 stays.
    unsigned leaves = 0;
  };
  struct cell {
    std::string text;
    tone look = tone::plain;
  };

  explicit text_table(std::vector<column> columns);

  /// A row with fewer cells than columns ends early; further cells are left
  /// out.
  void add_row(std::vector<cell> cells);

  /// Title line and rows, each ended by a newline. A column is left out before
  /// those that may shrink are below 16. Lines are no wider than the page,
  /// unless the columns that stay do not fit at eight.
  [[nodiscard]] std::string text(const page& on) const;

private:
  [[nodiscard]] std::vector<std::size_t> widths(std::size_t columns) const;
  void leave_out(std::vector<std::size_t>& widths, std::size_t columns) const;
  void shrink(std::vector<std::size_t>& widths, std::size_t columns) const;
  void add_line(std::string& out, const std::vector<cell>& cells,
                const std::vector<std::size_t>& widths, bool color) const;

  std::vector<column> columns_;
  std::vector<std::vector<cell>> rows_;
};

} // namespace troupe::report
