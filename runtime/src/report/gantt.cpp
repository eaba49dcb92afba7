#include "gantt.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace troupe::report {

using protocol::duration;
using protocol::instant;
using protocol::run_report;
using protocol::task_record;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t ticks_max = 9;

constexpr std::array<duration, 30> steps{
    1ms,   2ms, 5ms, 10ms, 20ms, 50ms, 100ms, 200ms, 500ms, 1s,
    2s,    5s,  10s, 15s,  30s,  1min, 2min,  5min,  10min, 15min,
    30min, 1h,  2h,  3h,   6h,   12h,  24h,   48h,   168h,  720h};

/// The part of a run's time that the chart shows.
struct window {
  instant from;
  instant to;
  std::uint32_t width;

  /// In microseconds, so that it can be multiplied by a width.
  [[nodiscard]] std::uint64_t span() const {
    return std::max<std::uint64_t>(nanoseconds_between(from, to) / 1'000, 1);
  }

  [[nodiscard]] std::uint32_t place(instant when) const {
    const auto us = std::min(nanoseconds_between(from, when) / 1'000, span());
    return static_cast<std::uint32_t>(us * width / span());
  }
};

instant ready_of(const task_record& task) {
  return task.ready == instant{} ? task.started
                                 : std::min(task.ready, task.started);
}

window window_of(const run_report& report, std::uint32_t width) {
  window seen{report.started, report.finished, width};
  for (const auto& task : report.tasks) {
    if (!has_run(task))
      continue;
    if (seen.from == instant{} || ready_of(task) < seen.from)
      seen.from = ready_of(task);
    seen.to = std::max({seen.to, task.started, task.finished});
  }
  return seen;
}

std::vector<gantt_tick> ticks_of(const window& seen) {
  const auto step_of = [](duration each) {
    return static_cast<std::uint64_t>(each.count()) / 1'000;
  };
  auto step = step_of(steps.back());
  for (const auto each : steps)
    if (seen.span() / step_of(each) < ticks_max) {
      step = step_of(each);
      break;
    }
  while (seen.span() / step >= ticks_max)
    step *= 2;
  std::vector<gantt_tick> ticks;
  for (std::uint64_t us = 0; us <= seen.span(); us += step)
    ticks.push_back(
        {static_cast<std::uint32_t>(us * seen.width / seen.span()),
         protocol::for_people(duration{static_cast<std::int64_t>(
             std::min<std::uint64_t>(us, INT64_MAX / 1'000) * 1'000)})});
  return ticks;
}

} // namespace

bool has_run(const task_record& task) noexcept {
  return task.started != instant{} && !task.reused_from;
}

gantt_chart lay_out_gantt(const run_report& report,
                          const critical_tasks& critical, std::uint32_t width,
                          std::size_t bars_max) {
  gantt_chart chart;
  chart.width = width;
  std::vector<std::size_t> ran;
  for (std::size_t i = 0; i < report.tasks.size(); ++i)
    if (has_run(report.tasks[i]))
      ran.push_back(i);
  const auto seen = window_of(report, width);
  const auto chosen = most_telling(report, ran, critical, bars_max);
  chart.left_out = ran.size() - chosen.size();
  for (const auto i : chosen) {
    const auto& task = report.tasks[i];
    const bool ended = task.finished >= task.started;
    chart.bars.push_back({i, seen.place(ready_of(task)),
                          seen.place(task.started),
                          ended ? seen.place(task.finished) : width});
  }
  std::sort(chart.bars.begin(), chart.bars.end(),
            [&](const auto& a, const auto& b) {
              return std::tuple{report.tasks[a.task].started, a.task}
                     < std::tuple{report.tasks[b.task].started, b.task};
            });
  chart.ticks = ticks_of(seen);
  return chart;
}

} // namespace troupe::report
