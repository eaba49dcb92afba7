#include "screen_painter.hpp"

#include "report/printable.hpp"
#include "report/text_width.hpp"

#include <algorithm>

namespace troupe::cli {

namespace {

std::string up(std::size_t rows) {
  return rows == 0 ? "\r" : "\r\x1b[" + std::to_string(rows) + 'A';
}

} // namespace

/// After the terminal became narrower its long lines stand on several rows.
std::size_t screen_painter::rows_taken(std::size_t columns) const {
  std::size_t rows = 0;
  for (const auto& line : shown_) {
    const auto width = report::columns_of(report::printable_line(line));
    rows += std::max<std::size_t>((width + columns - 1) / columns, 1);
  }
  return rows;
}

std::string screen_painter::update(std::vector<std::string> lines,
                                   report::screen_size screen) {
  std::string out;
  if (!active_) {
    out += "\x1b[?25l";
  } else if (screen != screen_) {
    const auto columns = std::max<std::size_t>(screen.columns, 1);
    const auto most = std::max<std::size_t>(screen.rows, 1) - 1;
    out += up(std::min(rows_taken(columns), most)) + "\x1b[J";
    shown_.clear();
  } else {
    out += up(shown_.size());
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i >= shown_.size() || shown_[i] != lines[i])
      out += lines[i] + "\x1b[K";
    out += "\r\n";
  }
  if (shown_.size() > lines.size())
    out += "\x1b[J";
  else
    out += "\x1b[K"; // what the user typed meanwhile
  shown_ = std::move(lines);
  screen_ = screen;
  active_ = true;
  return out;
}

std::string screen_painter::finish(bool erase) {
  if (!active_)
    return {};
  std::string out;
  if (erase)
    out += up(shown_.size()) + "\x1b[J";
  shown_.clear();
  active_ = false;
  return out + std::string(restore_sequence);
}

} // namespace troupe::cli
