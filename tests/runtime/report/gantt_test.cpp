#include "report/gantt.hpp"
#include "report/gantt_svg.hpp"
#include "runtime/report/report_samples.hpp"
#include "support/catch.hpp"
#include "support/rounds.hpp"

#include <algorithm>
#include <limits>

using namespace troupe;
using namespace troupe::protocol;
using namespace troupe::report;
using namespace std::chrono_literals;

namespace {

/// What holds for the chart of any run.
void check_chart(const run_report& run, const gantt_chart& chart) {
  const auto ran = std::count_if(run.tasks.begin(), run.tasks.end(), &has_run);
  CHECK(chart.bars.size() + chart.left_out == static_cast<std::size_t>(ran));
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    const auto& bar = chart.bars[i];
    CHECK(bar.wait <= bar.from);
    CHECK(bar.from <= bar.to);
    CHECK(bar.to <= chart.width);
    CHECK(has_run(run.tasks.at(bar.task)));
    if (i != 0)
      CHECK(run.tasks[chart.bars[i - 1].task].started
            <= run.tasks[bar.task].started);
  }
  REQUIRE_FALSE(chart.ticks.empty());
  CHECK(chart.ticks.size() <= 9);
  CHECK(chart.ticks.front().at == 0);
  CHECK(chart.ticks.back().at <= chart.width);
}

} // namespace

TEST_CASE("a bar shows when its task was ready, started and ended", "[gantt]") {
  const auto run = troupe::test::small_run();
  const auto chart = lay_out_gantt(run, {}, 400, 10);
  CHECK(chart.bars
        == std::vector<gantt_bar>{{0, 0, 100, 300}, {1, 300, 300, 400}});
  REQUIRE(chart.ticks.size() == 9);
  CHECK(chart.ticks[1] == gantt_tick{50, "500 ms"});
  CHECK(chart.ticks[8] == gantt_tick{400, "4.0 s"});
  CHECK(chart.left_out == 0);
}

TEST_CASE("a task that has not ended reaches to the end of the chart",
          "[gantt]") {
  auto run = troupe::test::small_run();
  run.tasks[1].state = task_state::running;
  run.tasks[1].finished = {};
  CHECK(lay_out_gantt(run, {}, 400, 10).bars[1] == gantt_bar{1, 300, 300, 400});
}

TEST_CASE("a task taken from another run has no bar", "[gantt]") {
  auto run = troupe::test::small_run();
  run.tasks[0].reused_from = {1, 2};
  const auto chart = lay_out_gantt(run, {}, 400, 10);
  REQUIRE(chart.bars.size() == 1);
  CHECK(chart.bars[0].task == 1);
  CHECK(chart.left_out == 0);
}

TEST_CASE("of too many tasks the critical, failed and longest have bars",
          "[gantt]") {
  run_report run;
  run.started = instant{1'000s};
  for (int i = 0; i < 100; ++i) {
    task_record task;
    task.task = "t" + std::to_string(i);
    task.state = i == 7 ? task_state::failed : task_state::done;
    task.started = run.started + std::chrono::seconds{100 - i};
    task.finished = task.started + std::chrono::milliseconds{i + 1};
    run.tasks.push_back(task);
  }
  const auto chart = lay_out_gantt(run, {"t3"}, 1'000, 4);
  CHECK(chart.left_out == 96);
  std::vector<std::size_t> shown;
  for (const auto& bar : chart.bars)
    shown.push_back(bar.task);
  CHECK(shown == std::vector<std::size_t>{99, 98, 7, 3}); // by start
}

TEST_CASE("the bars of any run lie in the chart, in the order of their start",
          "[gantt]") {
  for (std::uint64_t seed = 1; seed <= troupe::test::rounds(300); ++seed) {
    CAPTURE(seed);
    const auto run = troupe::test::random_run(seed, 60);
    check_chart(run, lay_out_gantt(run, {}, 860, 1 + seed % 50));
  }
}

TEST_CASE("times as far apart as can be said make a chart", "[gantt]") {
  using limits = std::numeric_limits<std::int64_t>;
  auto run = troupe::test::small_run();
  run.tasks[0].ready = instant{std::chrono::nanoseconds{limits::min()}};
  run.tasks[0].started = instant{std::chrono::nanoseconds{limits::min() + 1}};
  run.tasks[0].finished = instant{std::chrono::nanoseconds{limits::max()}};
  const auto chart = lay_out_gantt(run, {}, 860, 10);
  check_chart(run, chart);
  CHECK(chart.bars[0].wait == 0);
  CHECK(chart.bars[0].to == 860);
  CHECK_FALSE(gantt_svg(run, chart, {}).empty());
}

TEST_CASE("a run in which nothing ran has an empty chart", "[gantt]") {
  const auto chart = lay_out_gantt({}, {}, 860, 10);
  check_chart({}, chart);
  CHECK(chart.bars.empty());
}
