#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace troupe::benchmarks {

/// Tasks with what they need and how long they take: a random graph, always
/// the same.
struct task_graph {
  std::vector<std::vector<std::uint32_t>> needs;
  std::vector<std::uint32_t> delay_ms;
  std::size_t edges = 0;
  std::uint64_t hash = 0; ///< FNV-1a of needs and delays.
};

/// Ends the process unless the graph is the one that the figures are for.
[[nodiscard]] task_graph make_graph();

inline constexpr std::uint32_t task_count = 1'000;

/// Goes through a greedy list schedule, lowest number first. `pass` is told
/// when the next task ends, in milliseconds since the start, and tells the time
/// at which that was noticed. Returns when the last task has ended.
[[nodiscard]] double list_schedule(const task_graph& all,
                                   const std::vector<std::uint32_t>& times_ms,
                                   std::uint32_t cap,
                                   const std::function<double(double)>& pass);

/// Milliseconds below which no schedule can stay.
[[nodiscard]] std::uint32_t bound(const task_graph& all,
                                  const std::vector<std::uint32_t>& times_ms,
                                  std::uint32_t cap);

struct floor_run {
  double makespan_ms = 0;
  double cpu_us = 0; ///< Of its thread, per task.
};

/// The list schedule on the real clock: one thread that only waits. What it
/// loses, the machine loses. Blocking: that long.
[[nodiscard]] floor_run wait_through(const task_graph& all,
                                     const std::vector<std::uint32_t>& times_ms,
                                     std::uint32_t cap);

} // namespace troupe::benchmarks
