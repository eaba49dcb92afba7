#pragma once

#include "run_board.hpp"
#include "tone.hpp"

#include <string>
#include <vector>

namespace troupe::report {

/// How large the terminal is.
struct screen_size {
  std::size_t columns = 80;
  std::size_t rows = 24;

  bool operator==(const screen_size&) const = default;
};

/// The lines of the live view: a header with what is done, spent and left, and
/// a line a task. No line is as wide as the screen, and there is one line less
/// than the screen has. When not all tasks find room, those that run and those
/// that changed last are shown, and how many are not.
[[nodiscard]] std::vector<std::string> live_lines(const run_board& board,
                                                  protocol::instant now,
                                                  screen_size screen,
                                                  bool color);

} // namespace troupe::report
