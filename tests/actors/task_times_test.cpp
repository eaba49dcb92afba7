// What runs tell of the time that tasks take.
#include "support/catch.hpp"
#include "troupe/actors/task_times.hpp"

#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::actors;
using std::chrono::milliseconds;

namespace {

protocol::task_record done(const std::string& id, int took_ms) {
  protocol::task_record it;
  it.task = id;
  it.agent = "smith";
  it.state = protocol::task_state::done;
  it.attempts = 1;
  it.started = protocol::instant{std::chrono::seconds{100}};
  it.finished = it.started + milliseconds{took_ms};
  return it;
}

protocol::run_report report_of(std::vector<protocol::task_record> tasks) {
  protocol::run_report report;
  report.tasks = std::move(tasks);
  return report;
}

/// What is expected of a task, in ms; the estimate was 1.
std::int64_t expected(const task_times& known, const std::string& id) {
  std::vector<protocol::task_spec> tasks(1);
  tasks.front().id = id;
  std::vector<protocol::task_estimate> estimates(1);
  estimates.front().time = milliseconds{1};
  known.apply(tasks, estimates);
  return std::chrono::duration_cast<milliseconds>(estimates.front().time)
      .count();
}

} // namespace

TEST_CASE("a task is expected to take what it took", "[task_times]") {
  task_times known;
  CHECK(expected(known, "forge") == 1);
  CHECK(known.learn(report_of({done("forge", 400)})));
  CHECK(expected(known, "forge") == 400);
  CHECK(expected(known, "other") == 1);
  CHECK(known.learn(report_of({done("forge", 600)})));
  CHECK(expected(known, "forge") == 500);
}

TEST_CASE("a task that has become slower is expected to be so after some runs",
          "[task_times]") {
  task_times known;
  for (int i = 0; i < 100; ++i)
    known.learn(report_of({done("forge", 100)}));
  for (int i = 0; i < 12; ++i)
    known.learn(report_of({done("forge", 1'000)}));
  CHECK(expected(known, "forge") > 950);
  CHECK(expected(known, "forge") <= 1'000);
}

TEST_CASE("a new task of a foreach is expected to take what the others took",
          "[task_times]") {
  task_times known;
  known.learn(report_of(
      {done("book#1", 100), done("book#2", 300), done("book#2/page#7", 50)}));
  CHECK(expected(known, "book#2") == 300);
  CHECK(expected(known, "book#9") == 200);
  CHECK(expected(known, "book#9/page#1") == 50);
  CHECK(expected(known, "book") == 1);
}

TEST_CASE("tasks that nobody has worked on tell nothing", "[task_times]") {
  auto failed = done("a", 100);
  failed.state = protocol::task_state::failed;
  auto reused = done("b", 100);
  reused.reused_from = {1, 2};
  auto simulated = done("c", 100);
  simulated.simulated = true;
  auto decided = done("d", 100);
  decided.decided = "yes, by somebody";
  auto broken = done("e", 100);
  broken.interrupted = 1;
  auto plain = done("f", 100);
  plain.agent.clear();
  auto backwards = done("g", -100);
  auto omitted = done("h", 100);
  omitted.attempts = 0;
  task_times known;
  CHECK_FALSE(known.learn(report_of({failed, reused, simulated, decided, broken,
                                     plain, backwards, omitted})));
  CHECK(known.empty());
}

TEST_CASE("what has hardly changed need not be kept again", "[task_times]") {
  task_times known;
  CHECK(known.learn(report_of({done("a", 1'000)})));
  CHECK_FALSE(known.learn(report_of({done("a", 1'010)})));
  CHECK_FALSE(known.learn(report_of({done("a", 1'100)})));
  CHECK(known.learn(report_of({done("a", 3'000)})));
}

TEST_CASE("times that were kept are those that were learned", "[task_times]") {
  task_times known;
  for (int i = 0; i < 3; ++i)
    known.learn(report_of({done("a#1", 100 + i), done("b", 7)}));
  const task_times again{known.all()};
  CHECK(again.all() == known.all());
  CHECK(expected(again, "a#5") == 101);
}

TEST_CASE(
    "no more tasks are told apart than there is room for, nor what cannot "
    "be",
    "[task_times]") {
  std::vector<protocol::task_record> tasks;
  for (std::size_t i = 0; i < task_times::tasks_max + 10; ++i)
    tasks.push_back(done("each#" + std::to_string(i + 1), 20));
  task_times known;
  known.learn(report_of(tasks));
  CHECK(known.all().size() == task_times::tasks_max);
  CHECK(expected(known, tasks.back().task) == 20); // as the others
  const task_times wrong{
      {{"", milliseconds{1}, 1}, {"a", milliseconds{-5}, 1}, {"b", {}, 0}}};
  CHECK(wrong.empty());
}
