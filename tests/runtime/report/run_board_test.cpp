#include "report/event_text.hpp"
#include "report/live_view.hpp"
#include "report/run_board.hpp"
#include "report/text_width.hpp"
#include "support/catch.hpp"

using namespace troupe::protocol;
using namespace troupe::report;
using namespace std::chrono_literals;

namespace {

const instant start{1'000'000s};

mission chain_of(std::size_t count) {
  mission m;
  m.name = "example";
  m.concurrency = 2;
  for (std::size_t i = 0; i < count; ++i) {
    task_spec task;
    task.id = "t" + std::to_string(i);
    task.agent = "writer";
    if (i > 0)
      task.needs = {"t" + std::to_string(i - 1)};
    m.tasks.push_back(std::move(task));
  }
  return m;
}

run_board board_of(const mission& m, duration each = 10s) {
  std::vector<task_estimate> estimates(m.tasks.size());
  std::vector<std::string> order;
  for (std::size_t i = 0; i < m.tasks.size(); ++i) {
    estimates[i].time = each;
    estimates[i].output_tokens = 100;
    order.push_back(m.tasks[i].id);
  }
  return run_board{m, estimates, order};
}

run_event event(event_kind kind, std::string task = {}, duration at = 0s) {
  static std::uint64_t sequence = 0;
  run_event e;
  e.sequence = ++sequence;
  e.at = start + at;
  e.kind = kind;
  e.task = std::move(task);
  e.attempt = 1;
  return e;
}

} // namespace

TEST_CASE("the board follows a task from event to event", "[run_board]") {
  auto board = board_of(chain_of(2));
  board.apply(event(event_kind::run_started));
  board.apply(event(event_kind::task_ready, "t0"));
  CHECK(board.rows()[0].state == task_state::ready);
  auto started = event(event_kind::task_started, "t0", 1s);
  started.model = "m/x";
  board.apply(started);
  CHECK(board.rows()[0].state == task_state::running);
  CHECK(board.rows()[0].model == "m/x");
  auto done = event(event_kind::task_done, "t0", 3s);
  done.run_spent = {500};
  done.simulated = true;
  board.apply(done);
  CHECK(board.count(task_state::done) == 1);
  CHECK(board.spent() == money{500});
  CHECK(board.is_simulated());
  board.apply(event(event_kind::task_done, "not-of-this-mission"));
  CHECK(board.count(task_state::done) == 1);
}

TEST_CASE("the time left is the longest chain at the pace so far",
          "[run_board]") {
  auto board = board_of(chain_of(3));
  board.apply(event(event_kind::run_started));
  CHECK(board.time_left(start) == 30s);
  board.apply(event(event_kind::task_started, "t0"));
  CHECK(board.time_left(start + 4s) == 26s);
  board.apply(event(event_kind::task_done, "t0", 5s)); // twice as fast
  CHECK(board.time_left(start + 5s) == 10s);
  board.apply(event(event_kind::task_started, "t1", 5s));
  CHECK(board.time_left(start + 100s) == 5s); // late: nothing below zero
}

TEST_CASE("the time left is the work shared among the places", "[run_board]") {
  auto m = chain_of(6);
  for (auto& task : m.tasks)
    task.needs.clear();
  const auto board = board_of(m);
  CHECK(board.time_left(start) == 30s);
}

TEST_CASE("the view keeps within the screen", "[live_view]") {
  auto board = board_of(chain_of(100));
  board.apply(event(event_kind::run_started));
  board.apply(event(event_kind::task_started, "t0", 1s));
  board.apply(event(event_kind::task_failed, "t0", 2s));
  board.apply(event(event_kind::task_started, "t70", 2s));
  for (std::size_t columns = 1; columns < 200; columns += 3)
    for (std::size_t rows = 4; rows < 120; rows += 9) {
      const auto lines = live_lines(board, start + 5s, {columns, rows}, false);
      REQUIRE(lines.size() < rows);
      for (const auto& line : lines)
        REQUIRE(columns_of(line) <= std::max<std::size_t>(columns, 20) - 1);
    }
}

TEST_CASE("a tall mission shows what runs and says what it hides",
          "[live_view]") {
  auto board = board_of(chain_of(100));
  board.apply(event(event_kind::run_started));
  board.apply(event(event_kind::task_started, "t0"));
  board.apply(event(event_kind::task_done, "t0", 1s));
  board.apply(event(event_kind::task_started, "t70", 1s));
  const auto lines = live_lines(board, start + 2s, {100, 6}, false);
  REQUIRE(lines.size() == 5);
  CHECK(lines[0].starts_with("example: 1 of 100 done  |  $0.00  |  2.0 s"));
  CHECK(lines[2].starts_with("t0 "));
  CHECK(lines[3].starts_with("t70 "));
  CHECK(lines[4] == "not shown: 98 waiting");
}

TEST_CASE("progress is shown against the expected text", "[live_view]") {
  auto board = board_of(chain_of(1));
  board.apply(event(event_kind::run_started));
  board.apply(event(event_kind::task_started, "t0"));
  auto progress = event(event_kind::task_progress, "t0", 1s);
  progress.output_chars = 200;
  board.apply(progress);
  auto lines = live_lines(board, start + 2s, {100, 24}, false);
  CHECK(lines[2].find("#####.....") != std::string::npos);
  progress.output_chars = 1'000'000;
  board.apply(progress);
  lines = live_lines(board, start + 2s, {100, 24}, false);
  CHECK(lines[2].find("#########.") != std::string::npos);
}

TEST_CASE("an event is one line that no text can break", "[event_text]") {
  auto done = event(event_kind::task_done, "t0", 1s);
  done.agent = "writer";
  done.model = "m/x";
  done.cost = {2'000'000};
  done.tasks_done = 1;
  done.tasks_total = 3;
  CHECK(event_line(done, 1500ms)
        == "13:46:41 t0 done by writer at m/x, 1.5 s, $0.002 (1/3)");
  auto failed = event(event_kind::task_failed, "t0", 1s);
  failed.failure = fail(errc::agent_failed, "bad\n\x1b[2Jthing");
  CHECK(event_line(failed, 0s)
        == "13:46:41 t0 failed: agent_failed: bad thing");
  CHECK(event_line(event(event_kind::task_progress, "t0"), 0s).empty());
}
