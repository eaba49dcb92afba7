#include "task_graph.hpp"

#include "measure.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <queue>
#include <set>
#include <string>

namespace troupe::benchmarks {

namespace {

void add_to_hash(std::uint64_t& hash, const std::string& text) {
  for (const unsigned char c : text)
    hash = (hash ^ c) * 0x100000001b3ULL; // FNV-1a
}

} // namespace

task_graph make_graph() {
  std::uint64_t x = 42;
  const auto next = [&] {
    x = x * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>(x >> 33U);
  };
  task_graph all;
  all.needs.resize(task_count);
  for (std::uint32_t i = 0; i < task_count; ++i) {
    const auto count = next() % 4;
    auto& needs = all.needs[i];
    for (std::uint32_t j = 0; i > 0 && j < count; ++j)
      if (const auto need = next() % i;
          std::find(needs.begin(), needs.end(), need) == needs.end())
        needs.push_back(need);
    all.edges += needs.size();
  }
  for (std::uint32_t i = 0; i < task_count; ++i)
    all.delay_ms.push_back(10 + next() % 181);
  all.hash = 0xcbf29ce484222325ULL;
  for (std::uint32_t i = 0; i < task_count; ++i) {
    std::string line = std::to_string(i) + ":";
    for (std::size_t j = 0; j < all.needs[i].size(); ++j)
      line += (j == 0 ? "" : ",") + std::to_string(all.needs[i][j]);
    add_to_hash(all.hash, line + ":" + std::to_string(all.delay_ms[i]) + "\n");
  }
  if (all.edges != 1'481 || all.hash != 0x2d4bb9fb5aab0bULL)
    wrong("this is not the graph that the figures are for");
  return all;
}

double list_schedule(const task_graph& all,
                     const std::vector<std::uint32_t>& times, std::uint32_t cap,
                     const std::function<double(double)>& pass) {
  std::vector<std::size_t> unmet(task_count);
  std::vector<std::vector<std::uint32_t>> dependants(task_count);
  std::set<std::uint32_t> ready;
  for (std::uint32_t i = 0; i < task_count; ++i) {
    unmet[i] = all.needs[i].size();
    for (const auto need : all.needs[i])
      dependants[need].push_back(i);
    if (unmet[i] == 0)
      ready.insert(i);
  }
  using ending = std::pair<double, std::uint32_t>; // when, task
  std::priority_queue<ending, std::vector<ending>, std::greater<>> running;
  double now = 0;
  while (!ready.empty() || !running.empty()) {
    while (!ready.empty() && running.size() < cap) {
      running.push({now + times[*ready.begin()], *ready.begin()});
      ready.erase(ready.begin());
    }
    now = pass(running.top().first);
    while (!running.empty() && running.top().first <= now) {
      for (const auto next : dependants[running.top().second])
        if (--unmet[next] == 0)
          ready.insert(next);
      running.pop();
    }
  }
  return now;
}

floor_run wait_through(const task_graph& all,
                       const std::vector<std::uint32_t>& times,
                       std::uint32_t cap) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock{mutex};
  const auto begin = std::chrono::steady_clock::now();
  using ms = std::chrono::duration<double, std::milli>;
  floor_run out;
  out.makespan_ms = list_schedule(all, times, cap, [&](double due) {
    const auto at =
        begin + std::chrono::duration_cast<std::chrono::nanoseconds>(ms{due});
    while (std::chrono::steady_clock::now() < at)
      never.wait_until(lock, at);
    return ms{std::chrono::steady_clock::now() - begin}.count();
  });
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  out.cpu_us = (static_cast<double>(used.tv_sec) * 1e6
                + static_cast<double>(used.tv_nsec) * 1e-3)
               / task_count;
  return out;
}

std::uint32_t bound(const task_graph& all,
                    const std::vector<std::uint32_t>& times,
                    std::uint32_t cap) {
  std::vector<std::uint32_t> end(task_count);
  std::uint32_t work = 0, longest = 0;
  for (std::uint32_t i = 0; i < task_count; ++i) {
    for (const auto need : all.needs[i])
      end[i] = std::max(end[i], end[need]);
    end[i] += times[i];
    work += times[i];
    longest = std::max(longest, end[i]);
  }
  return std::max(longest, (work + cap - 1) / cap);
}

} // namespace troupe::benchmarks
