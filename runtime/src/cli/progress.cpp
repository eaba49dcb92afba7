#include "progress.hpp"

#include "report/event_text.hpp"
#include "report/live_view.hpp"
#include "screen_painter.hpp"
#include "terminal.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

namespace troupe::cli {

using protocol::event_kind;
using protocol::run_event;

namespace {

class silent_progress final : public progress {
public:
  void show(const run_event&) override {}
};

class json_progress final : public progress {
public:
  explicit json_progress(console& on) : on_(on) {}

  void show(const run_event& event) override {
    on_.out.line(boost::json::serialize(protocol::to_json(event)));
  }

  [[nodiscard]] bool is_abandoned() const override {
    return on_.out.is_closed();
  }

private:
  console& on_;
};

class plain_progress final : public progress {
public:
  plain_progress(console& on, report::run_board board)
      : on_(on), board_(std::move(board)) {}

  void show(const run_event& event) override {
    board_.apply(event);
    const auto text = report::event_line(event, took(event));
    if (!text.empty())
      on_.err.line(text);
  }

private:
  [[nodiscard]] protocol::duration took(const run_event& event) const {
    if (event.kind != event_kind::task_done)
      return {};
    const auto* row = board_.find(event.task);
    // A step without an agent was never started.
    return row == nullptr || row->started == protocol::instant{}
               ? protocol::duration{}
               : row->finished - row->started;
  }

  console& on_;
  report::run_board board_;
};

/// Draws at most ten times a second, however many events there are.
class live_progress final : public progress {
public:
  live_progress(console& on, report::run_board board, bool no_color)
      : on_(on), board_(std::move(board)),
        color_(page_for(on.err, no_color).color) {}

  ~live_progress() override { finish(); }

  void show(const run_event& event) override { board_.apply(event); }

  void tick(unsigned resumed) override {
    const auto now = std::chrono::steady_clock::now();
    if (now - drawn_ < interval && resumed == resumed_)
      return;
    if (resumed != resumed_)
      (void)painter_.finish(false); // the shell has written below the picture
    resumed_ = resumed;
    drawn_ = now;
    draw();
  }

  void finish() override {
    const bool erase = on_.out.is_terminal(); // the report will tell it all
    if (!erase && drawn_ != std::chrono::steady_clock::time_point{})
      draw();
    on_.err.write(painter_.finish(erase));
    drawn_ = {};
  }

private:
  static constexpr std::chrono::milliseconds interval{100};

  void draw() {
    const auto screen = size_of(on_.err);
    on_.err.write(painter_.update(
        report::live_lines(board_, std::chrono::system_clock::now(), screen,
                           color_),
        screen));
  }

  console& on_;
  report::run_board board_;
  screen_painter painter_;
  bool color_;
  unsigned resumed_ = 0;
  std::chrono::steady_clock::time_point drawn_{};
};

} // namespace

std::unique_ptr<progress> make_progress(const run_arguments& given, console& on,
                                        report::run_board board) {
  if (given.common.json)
    return std::make_unique<json_progress>(on);
  if (given.quiet)
    return std::make_unique<silent_progress>();
  if (!is_drawable(on.err))
    return std::make_unique<plain_progress>(on, std::move(board));
  return std::make_unique<live_progress>(on, std::move(board),
                                         given.common.no_color);
}

} // namespace troupe::cli
