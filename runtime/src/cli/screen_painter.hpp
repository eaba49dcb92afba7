#pragma once

#include "report/live_view.hpp"

#include <string>
#include <vector>

namespace troupe::cli {

/// Turns pictures of lines into the bytes that change a terminal from one to
/// the next: only lines that differ are sent. It uses the rows from the cursor
/// down and leaves what stands above alone. Lines must be narrower than the
/// screen, and fewer than its rows.
class screen_painter {
public:
  /// Bytes that make the terminal show `lines`; the cursor is hidden then.
  [[nodiscard]] std::string update(std::vector<std::string> lines,
                                   report::screen_size screen);

  /// Bytes that take the picture away, or leave it and go below it, and show
  /// the cursor. The next `update` starts anew. Empty when nothing was shown.
  [[nodiscard]] std::string finish(bool erase);

private:
  [[nodiscard]] std::size_t rows_taken(std::size_t columns) const;

  std::vector<std::string> shown_;
  report::screen_size screen_;
  bool active_ = false;
};

/// Bytes that bring a terminal back to what shells expect.
inline constexpr std::string_view restore_sequence = "\x1b[0m\x1b[?25h";

} // namespace troupe::cli
