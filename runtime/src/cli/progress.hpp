#pragma once

#include "arguments.hpp"
#include "commands.hpp"
#include "report/run_board.hpp"

#include <memory>

namespace troupe::cli {

/// How a run under way is shown.
class progress {
public:
  virtual ~progress() = default;
  virtual void show(const protocol::run_event& event) = 0;
  /// Called at least every 100 ms; `resumed` rises when the process came back
  /// from being suspended.
  virtual void tick(unsigned resumed) { (void)resumed; }
  /// No event follows. What stays on the terminal is right.
  virtual void finish() {}
  /// True when whoever the events are for has gone.
  [[nodiscard]] virtual bool is_abandoned() const { return false; }
};

/// Events as JSON lines for `--json`; nothing for `--quiet`; a live view where
/// standard error is a terminal; else lines of text there.
[[nodiscard]] std::unique_ptr<progress>
make_progress(const run_arguments& given, console& on, report::run_board board);

} // namespace troupe::cli
