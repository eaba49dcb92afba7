#include "report/plan_text.hpp"
#include "report/report_text.hpp"
#include "report/text_width.hpp"
#include "support/catch.hpp"

#include <troupe/protocol/json.hpp>

#include <sstream>

using namespace troupe;
using namespace troupe::protocol;
using namespace troupe::report;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

run_report small_report() {
  run_report r;
  r.mission = "example";
  r.state = run_state::failed;
  r.started = instant{1000s};
  r.finished = instant{1004s};
  r.concurrency = 5;
  r.simulated = true;
  task_record a;
  a.task = "collect";
  a.agent = "reader";
  a.model = "m/x";
  a.state = task_state::done;
  a.attempts = 2;
  a.model_calls = 1;
  a.used.input = 12'345;
  a.used.output = 678;
  a.cost = {12'500'000};
  a.started = r.started;
  a.finished = instant{1003s};
  a.output = "text";
  task_record b;
  b.task = "judge";
  b.agent = "critic";
  b.state = task_state::failed;
  b.needs = {"collect"};
  b.failure = fail(errc::gate_failed, "too \x1b[31mshort");
  r.tasks = {a, b};
  r.used = a.used;
  r.cost = a.cost;
  r.budget = {1'000'000'000};
  return r;
}

} // namespace

TEST_CASE("figures are grouped and shares are percent", "[report_text]") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(1'234'567) == "1,234,567");
  CHECK(percent(125) == "12.5 %");
  CHECK(percent(-5) == "-0.5 %");
}

TEST_CASE("a long chain leaves its middle out", "[report_text]") {
  std::vector<std::string> tasks;
  for (int i = 0; i < 30; ++i)
    tasks.push_back("t" + std::to_string(i));
  CHECK(chain_text(tasks)
        == "t0 > t1 > t2 > t3 > t4 > t5 > ... 18 more ... > t24 > t25 > t26 > "
           "t27 > t28 > t29");
  CHECK(chain_text({}) == "none");
}

TEST_CASE("a report tells figures, failures and that it is simulated",
          "[report_text]") {
  const auto r = small_report();
  run_summary s;
  s.makespan = 4s;
  s.work = 3s;
  s.critical_path = {"collect"};
  s.critical_time = 3s;
  s.uniform_model = "m/expert";
  s.uniform_cost = {50'000'000};
  s.saving_permille = 750;
  const auto text = report_text(r, s, {});
  CHECK(has(text, "Run of example: failed in 4.0 s"));
  CHECK(has(text, "SIMULATED"));
  CHECK(has(text, "12,345"));
  CHECK(has(text, "$0.0125 of a budget of $1.00"));
  CHECK(has(text, "75.0 % against $0.05 with m/expert"));
  CHECK(has(text, "task judge: gate_failed: too short\n  The answer did not"));
  CHECK_FALSE(has(text, "\x1b"));
}

TEST_CASE("a report tells what caches have saved, where they have",
          "[report_text]") {
  auto r = small_report();
  CHECK_FALSE(has(report_text(r, {}, {}), "ache:"));
  r.cached_calls = 1'234;
  r.saved = {50'000'000};
  r.used.cache_read = 10'000;
  run_summary s;
  s.prompt_cache_saved = {2'500'000};
  const auto text = report_text(r, s, {});
  CHECK(has(text, "Cache:         1,234 answers given again, which had cost "
                  "$0.05\n"));
  CHECK(has(text, "Prompt cache:  10,000 of 22,345 tokens were read from it, "
                  "$0.0025 less than without\n"));
}

TEST_CASE("a report fits a terminal of 40 columns", "[report_text]") {
  auto r = small_report();
  r.tasks[0].task = "collect-all-that-is-known";
  r.tasks[0].model = "provider/a-model-of-a-long-name";
  run_summary s;
  s.makespan = 4s;
  s.critical_path = {"collect-all-that-is-known"};
  const auto text = report_text(r, s, {40, false});
  INFO(text);
  CHECK(has(text, "Run of example: failed in 4.0 s\nid 0"));
  CHECK(has(text, "collect-all-tha…  done"));
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    CHECK(columns_of(line) <= 40);
}

TEST_CASE("a report as JSON can be read back", "[report_text]") {
  const auto r = small_report();
  const auto text = report_json(r, {});
  CHECK_FALSE(has(text, "\n"));
  const auto json = parse_json(text);
  REQUIRE(json.has_value());
  const auto back = from_json<run_report>(json->as_object().at("report"));
  REQUIRE(back.has_value());
  CHECK(*back == r);
}

TEST_CASE("final tasks are those that no other needs", "[report_text]") {
  auto r = small_report();
  r.tasks[1].state = task_state::done;
  CHECK(final_tasks(r) == std::vector<std::size_t>{1});
}

TEST_CASE("a task whose dependants failed or never ran is a final one",
          "[report_text]") {
  auto r = small_report();
  const auto state =
      GENERATE(task_state::failed, task_state::skipped, task_state::cancelled);
  r.tasks[1].state = state;
  CHECK(final_tasks(r) == std::vector<std::size_t>{0});
  r.tasks[0].state = task_state::failed;
  CHECK(final_tasks(r).empty());
}

TEST_CASE("a plan's graph cannot be broken out of", "[plan_text]") {
  mission m;
  m.name = "say \"hi\"\\";
  task_spec a;
  a.id = "a\"]; evil [x=\"";
  a.agent = "writer\n\\N";
  task_spec b;
  b.id = "b";
  b.skill = "writing";
  b.needs = {a.id};
  m.tasks = {a, b};
  const auto plan = actors::plan_mission(m, {}, {}, token_estimator{});
  const auto dot = plan_dot(m, plan);
  CHECK(dot
        == "digraph \"say \\\"hi\\\"\\\\\" {\n"
           "  rankdir=LR;\n"
           "  node [shape=box];\n"
           "  \"a\\\"]; evil [x=\\\"\" [label=\"a\\\"]; evil "
           "[x=\\\"\\nwriter \\\\N, 0 ms, $0.00\", penwidth=3];\n"
           "  \"b\" [label=\"b\\n(writing), 0 ms, $0.00\", penwidth=3];\n"
           "  \"a\\\"]; evil [x=\\\"\" -> \"b\" [penwidth=3];\n"
           "}\n");
  CHECK(has(plan_text(m, plan, {}), "2 tasks in 2 waves"));
  CHECK(parse_json(plan_json(m, plan)).has_value());
}
