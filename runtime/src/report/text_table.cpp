#include "text_table.hpp"

#include "printable.hpp"
#include "text_width.hpp"

#include <algorithm>

namespace troupe::report {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t least_columns = 8;
constexpr std::size_t readable_columns = 16; // most names fit
constexpr auto left_out = static_cast<std::size_t>(-1);

/// Of all columns that are not left out, with the gaps between them.
std::size_t total_of(const std::vector<std::size_t>& widths) {
  std::size_t total = 0;
  std::size_t count = 0;
  for (const auto width : widths)
    if (width != left_out) {
      total += width;
      ++count;
    }
  return count == 0 ? 0 : total + (count - 1) * gap;
}

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
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto width = columns_of(columns_[i].title);
    for (const auto& row : rows_)
      if (i < row.size())
        width = std::max(width, columns_of(row[i].text));
    result.push_back(width);
  }
  if (page_columns != 0) {
    leave_out(result, page_columns);
    shrink(result, page_columns);
  }
  return result;
}

void text_table::leave_out(std::vector<std::size_t>& widths,
                           std::size_t page_columns) const {
  auto least = widths;
  for (std::size_t i = 0; i < least.size(); ++i)
    if (columns_[i].shrink)
      least[i] = std::min(least[i], readable_columns);
  while (total_of(least) > page_columns) {
    const column* first = nullptr;
    for (std::size_t i = 0; i < least.size(); ++i)
      if (columns_[i].leaves != 0 && least[i] != left_out
          && (first == nullptr || columns_[i].leaves < first->leaves))
        first = &columns_[i];
    if (first == nullptr)
      return;
    const auto which = static_cast<std::size_t>(first - columns_.data());
    least[which] = widths[which] = left_out;
  }
}

void text_table::shrink(std::vector<std::size_t>& widths,
                        std::size_t page_columns) const {
  for (auto total = total_of(widths); total > page_columns; --total) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (columns_[i].shrink && widths[i] != left_out
          && widths[i] > least_columns
          && (widest == nullptr || widths[i] > *widest))
        widest = &widths[i];
    if (widest == nullptr)
      return;
    --*widest;
  }
}

void text_table::add_line(std::string& out, const std::vector<cell>& cells,
                          const std::vector<std::size_t>& widths,
                          bool color) const {
  std::string blanks; // held back, so that no line ends in them
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (widths[i] == left_out)
      continue;
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
