#include "text_table.hpp"

#include "printable.hpp"
#include "text_width.hpp"

#include <algorithm>

namespace troupe::report {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t least_columns = 8;

} // namespace

text_table::text_table(std::vector<column> columns)
    : columns_(std::move(columns)) {}

void text_table::add_row(std::vector<cell> cells) {
  cells.resize(std::min(cells.size(), columns_.size()));
  for (auto& each : cells)
    each.text = printable_line(each.text);
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> text_table::widths(std::size_t page_columns) const {
  std::vector<std::size_t> result;
  std::size_t total = columns_.empty() ? 0 : (columns_.size() - 1) * gap;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto width = columns_of(columns_[i].title);
    for (const auto& row : rows_)
      if (i < row.size())
        width = std::max(width, columns_of(row[i].text));
    result.push_back(width);
    total += width;
  }
  while (page_columns != 0 && total > page_columns) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i].shrink && result[i] > least_columns
          && (widest == nullptr || result[i] > *widest))
        widest = &result[i];
    if (widest == nullptr)
      break;
    --*widest;
    --total;
  }
  return result;
}

void text_table::add_line(std::string& out, const std::vector<cell>& cells,
                          const std::vector<std::size_t>& widths,
                          bool color) const {
  std::string blanks; // held back, so that no line ends in them
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto text = clipped(cells[i].text, widths[i]);
    const std::string fill(widths[i] - columns_of(text), ' ');
    if (columns_[i].right)
      blanks += fill;
    if (!text.empty()) {
      out += blanks + painted(text, cells[i].look, color);
      blanks.clear();
    }
    if (!columns_[i].right)
      blanks += fill;
    blanks.append(gap, ' ');
  }
  out += '\n';
}

std::string text_table::text(const page& on) const {
  const auto width = widths(on.columns);
  std::string out;
  std::vector<cell> titles;
  for (const auto& each : columns_)
    titles.push_back({each.title, tone::strong});
  add_line(out, titles, width, on.color);
  for (const auto& row : rows_)
    add_line(out, row, width, on.color);
  return out;
}

} // namespace troupe::report
