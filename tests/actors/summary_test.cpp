#include "random.hpp"
#include "support/catch.hpp"
#include "troupe/actors/plan.hpp"

#include <algorithm>

using namespace troupe::actors;
using namespace troupe::protocol;
using namespace std::chrono_literals;

namespace {

const instant start{1'000'000s};

task_record ran(std::string id, duration ready, duration from, duration to,
                std::vector<std::string> needs = {}) {
  task_record record;
  record.task = std::move(id);
  record.needs = std::move(needs);
  record.state = task_state::done;
  record.ready = start + ready;
  record.started = start + from;
  record.finished = start + to;
  return record;
}

run_report report(std::vector<task_record> tasks, duration took,
                  std::uint32_t concurrency = 5) {
  run_report r;
  r.started = start;
  r.finished = start + took;
  r.concurrency = concurrency;
  r.tasks = std::move(tasks);
  return r;
}

model_spec expert(std::string id, std::int64_t dollars) {
  model_spec spec;
  spec.id = std::move(id);
  spec.level = tier::expert;
  price_band band;
  band.input = {dollars * 1'000'000'000};
  band.output = {dollars * 1'000'000'000};
  spec.prices = {band};
  return spec;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("the actual critical path goes back through the last need",
          "[summary]") {
  const auto s =
      summarise(report({ran("a", 0s, 0s, 2s), ran("b", 0s, 0s, 5s),
                        ran("c", 5s, 5s, 6s, {"a", "b"}), ran("d", 0s, 0s, 3s)},
                       6s),
                {});
  CHECK(s.critical_path == names{"b", "c"});
  CHECK(s.critical_time == 6s);
  CHECK(s.makespan == 6s);
  CHECK(s.work == 11s);
  CHECK(s.speedup_permille == 1833);
  CHECK(s.utilisation_permille == 458); // of four places: there are four tasks
}

TEST_CASE("a task that waited for a place blames the one that left it",
          "[summary]") {
  const auto s = summarise(report({ran("a", 0s, 0s, 4s), ran("b", 0s, 4s, 7s),
                                   ran("c", 7s, 7s, 9s, {"b"})},
                                  9s, 1),
                           {});
  CHECK(s.critical_path == names{"a", "b", "c"});
  CHECK(s.utilisation_permille == 1000);
  CHECK(s.speedup_permille == 1000);
}

TEST_CASE("tasks that never ran are in no path", "[summary]") {
  auto skipped = ran("b", 0s, 0s, 9s, {"a"});
  skipped.started = {};
  skipped.state = task_state::skipped;
  const auto s = summarise(report({ran("a", 0s, 0s, 1s), skipped}, 2s), {});
  CHECK(s.critical_path == names{"a"});
  CHECK(s.work == 1s);
  CHECK(summarise(run_report{}, {}) == run_summary{});
}

TEST_CASE("tasks of no length do not lead the walk in circles", "[summary]") {
  const auto s =
      summarise(report({ran("a", 0s, 5s, 5s), ran("b", 0s, 5s, 5s)}, 5s), {});
  CHECK(s.critical_path.size() == 2);
}

TEST_CASE("the saving is against the cheapest priced expert", "[summary]") {
  auto task = ran("a", 0s, 0s, 1s);
  task.used.input = 600'000;
  task.used.output = 400'000;
  task.cost = {2'500'000'000};
  task.model_calls = 1;
  auto basic = expert("cheap", 1);
  basic.level = tier::basic;
  auto unpriced = expert("local", 1);
  unpriced.prices.clear();
  const auto s =
      summarise(report({task}, 1s), {expert("x", 20), expert("b", 10),
                                     expert("a", 10), basic, unpriced});
  CHECK(s.uniform_model == "a");
  CHECK(s.uniform_cost == money{10'000'000'000});
  CHECK(s.saving_permille == 750);
  task.cost = {15'000'000'000};
  CHECK(summarise(report({task}, 1s), {expert("a", 10)}).saving_permille
        == -500);
  CHECK(summarise(report({task}, 1s), {}).saving_permille == 0);
}

TEST_CASE("what prompt caches saved is told against plain prompts",
          "[summary]") {
  auto model = expert("a", 10);
  model.prices[0].cache_read = {1'000'000'000};
  model.prices[0].cache_write = {20'000'000'000};
  auto task = ran("t", 0s, 0s, 1s);
  task.model = "a";
  task.used.input = 7;
  task.used.cache_read = 1'000'000;
  CHECK(summarise(report({task}, 1s), {model}).prompt_cache_saved
        == money{9'000'000'000});
  task.used.cache_read = 0;
  task.used.cache_write = 1'000'000;
  CHECK(summarise(report({task}, 1s), {model}).prompt_cache_saved
        == money{-10'000'000'000});
  CHECK(summarise(report({task}, 1s), {}).prompt_cache_saved == money{});
}

TEST_CASE("estimates are compared for tasks with model calls only",
          "[summary]") {
  auto a = ran("a", 0s, 0s, 4s);
  a.model_calls = 1;
  a.used.input = 80;
  a.used.output = 20;
  a.cost = {100};
  a.estimate = {"m", 100, 50, {50}, 5s};
  auto b = ran("b", 0s, 0s, 10s);
  b.model_calls = 2;
  b.used.output = 100;
  b.cost = {100};
  b.estimate = {"m", 50, 50, {100}, 5s};
  auto code = ran("c", 0s, 0s, 10s);
  code.estimate.time = 1s;
  const auto s = summarise(report({a, b, code}, 10s), {});
  CHECK(s.token_error_permille == 250);
  CHECK(s.cost_error_permille == 250);
  CHECK(s.time_error_permille == 375);
}

TEST_CASE("the figures of random runs keep their bounds", "[summary]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    auto state = seed;
    std::vector<task_record> tasks;
    const auto count = next_random(state) % 50;
    duration end{};
    for (std::uint64_t i = 0; i < count; ++i) {
      const duration ready{next_random(state) % 1000};
      const auto from = ready + duration{next_random(state) % 100};
      const auto to = from + duration{next_random(state) % 50};
      end = std::max(end, to);
      tasks.push_back(ran("t" + std::to_string(i), ready, from, to));
      for (std::uint64_t j = 0; j < i; ++j)
        if (next_random(state) % 10 == 0)
          tasks.back().needs.push_back("t" + std::to_string(j));
    }
    const auto s = summarise(report(tasks, end, 1000), {});
    auto path = s.critical_path;
    CHECK(path.empty() == tasks.empty());
    std::sort(path.begin(), path.end());
    CHECK(std::adjacent_find(path.begin(), path.end()) == path.end());
    CHECK(s.critical_time <= s.work);
    CHECK(s.utilisation_permille <= 1000);
  }
}
