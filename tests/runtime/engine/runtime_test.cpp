#include "support/catch.hpp"
#include "troupe/runtime/runtime.hpp"

#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <sstream>

using namespace troupe;
using protocol::errc;
using protocol::run_state;
using protocol::task_state;

namespace {

runtime_config quick() {
  runtime_config config;
  config.simulated.latency_scale_permille = 0;
  config.log.level = log_level::off;
  return config;
}

protocol::agent_spec writer() {
  protocol::agent_spec spec;
  spec.card.name = "writer";
  spec.card.skills = {"write"};
  spec.instructions = "You write short and clear.";
  return spec;
}

protocol::task_spec task(std::string id, std::string agent,
                         std::vector<std::string> needs = {}) {
  protocol::task_spec spec;
  spec.id = std::move(id);
  spec.agent = std::move(agent);
  spec.needs = std::move(needs);
  spec.prompt = "Tell what the text says about the moon.";
  return spec;
}

protocol::mission two_steps() {
  protocol::mission mission;
  mission.name = "two-steps";
  mission.inputs = {{"text", "Tides follow the moon. They come twice a day. "
                             "Sailors read tables of them."}};
  mission.agents = {writer()};
  mission.tasks = {task("draft", "writer"), task("final", "writer", {"draft"})};
  mission.tasks[0].inputs = {"text"};
  return mission;
}

} // namespace

TEST_CASE("a mission runs to its end without key and network", "[runtime]") {
  auto troupe = runtime::create(quick());
  REQUIRE(troupe.has_value());
  const auto report = troupe->run(two_steps());
  REQUIRE(report.has_value());
  CHECK(report->state == run_state::done);
  CHECK(report->simulated);
  REQUIRE(report->tasks.size() == 2);
  CHECK_FALSE(report->tasks[1].output.empty());
  CHECK(report->cost == report->tasks[0].cost + report->tasks[1].cost);
  CHECK(report->cost > protocol::money{});
}

TEST_CASE("the ledger holds what the report tells, and nothing stays reserved",
          "[runtime]") {
  auto troupe = runtime::create(quick());
  REQUIRE(troupe.has_value());
  const auto report = troupe->run(two_steps());
  REQUIRE(report.has_value());
  const auto tenant = troupe->account("default");
  REQUIRE(tenant.has_value());
  CHECK(tenant->spent == report->cost);
  CHECK(tenant->reserved == protocol::money{});
  CHECK(tenant->open_reservations == 0);
  CHECK(troupe->account("nobody").error().code == errc::invalid_request);
}

TEST_CASE("the same seed gives the same answers and costs", "[runtime]") {
  std::vector<protocol::run_report> reports;
  for (int i = 0; i < 2; ++i) {
    auto troupe = runtime::create(quick());
    REQUIRE(troupe.has_value());
    auto report = troupe->run(two_steps(), {.seed = 7});
    REQUIRE(report.has_value());
    reports.push_back(std::move(*report));
  }
  CHECK(reports[0].tasks[1].output == reports[1].tasks[1].output);
  CHECK(reports[0].cost == reports[1].cost);
}

TEST_CASE("all problems of a mission are told at once", "[runtime]") {
  auto troupe = runtime::create(quick());
  REQUIRE(troupe.has_value());
  auto mission = two_steps();
  mission.tasks[0].agent = "wirter";
  mission.tasks[1].needs = {"draft", "final"};
  const auto started = troupe->start(mission);
  REQUIRE(started.has_error());
  CHECK(started.error().code == errc::mission_invalid);
  CHECK(started.error().detail.find("did you mean 'writer'")
        != std::string::npos);
  CHECK(started.error().detail.find("final -> final") != std::string::npos);
}

TEST_CASE("a model that nobody offers is refused with the nearest",
          "[runtime]") {
  auto troupe = runtime::create(quick());
  REQUIRE(troupe.has_value());
  const auto started = troupe->start(two_steps(), {.model = "simulated/basik"});
  REQUIRE(started.has_error());
  CHECK(started.error().code == errc::no_model_fits);
  CHECK(started.error().detail.find("simulated/basic") != std::string::npos);
}

TEST_CASE("a budget too small for the first task is refused before any call",
          "[runtime]") {
  auto troupe = runtime::create(quick());
  REQUIRE(troupe.has_value());
  const auto started =
      troupe->start(two_steps(), {.budget = protocol::money{1'000}});
  REQUIRE(started.has_error());
  CHECK(started.error().code == errc::budget_exhausted);
  CHECK(troupe->account("default")->spent == protocol::money{});
}

TEST_CASE("a budget that runs out on the way is never passed", "[runtime]") {
  auto troupe = runtime::create(quick());
  REQUIRE(troupe.has_value());
  auto mission = two_steps();
  mission.tasks.clear();
  for (int i = 0; i < 40; ++i) {
    mission.tasks.push_back(task("t" + std::to_string(i), "writer"));
    mission.tasks.back().inputs = {"text"};
  }
  mission.concurrency = 40;
  mission.budget = protocol::money{20'000'000};
  const auto report = troupe->run(mission);
  REQUIRE(report.has_value());
  CHECK(report->state == run_state::failed);
  CHECK(report->cost <= mission.budget);
  std::size_t refused = 0;
  for (const auto& it : report->tasks)
    if (it.failure && it.failure->code == errc::budget_exhausted) {
      ++refused;
      CHECK(it.failure->detail.find("left") != std::string::npos);
    }
  CHECK(refused > 0);
}

TEST_CASE("a cancel stops a blocking agent and ends the run", "[runtime]") {
  auto troupe = runtime::create(quick());
  REQUIRE(troupe.has_value());
  std::mutex mutex;
  std::condition_variable_any changed;
  bool is_running = false;
  auto code = [&](const task_view& view) -> protocol::result<std::string> {
    std::unique_lock lock{mutex};
    is_running = true;
    changed.notify_all();
    changed.wait_for(lock, view.stop, std::chrono::seconds{30},
                     [] { return false; });
    return std::string{view.stop.stop_requested() ? "stopped" : "too late"};
  };
  REQUIRE(troupe
              ->add_agent({.name = "waiter", .skills = {"wait"}}, code,
                          execution::blocking)
              .has_value());
  protocol::mission mission;
  mission.name = "wait";
  mission.tasks = {task("wait", "waiter"), task("after", "waiter", {"wait"})};
  auto run = troupe->start(mission);
  REQUIRE(run.has_value());
  {
    std::unique_lock lock{mutex};
    REQUIRE(changed.wait_for(lock, std::chrono::seconds{10},
                             [&] { return is_running; }));
  }
  run->cancel("enough");
  const auto report = run->wait();
  CHECK(report.state == run_state::cancelled);
  CHECK(report.tasks[0].state == task_state::cancelled);
  CHECK(report.tasks[1].state == task_state::cancelled);
  CHECK(report.failure->detail == "enough");
}

TEST_CASE("a runtime that ends cancels what still runs", "[runtime]") {
  std::optional<mission_run> run;
  {
    auto config = quick();
    config.simulated.latency_scale_permille = 100'000;
    auto troupe = runtime::create(config);
    REQUIRE(troupe.has_value());
    auto started = troupe->start(two_steps());
    REQUIRE(started.has_value());
    run = *started;
  }
  CHECK(run->is_finished());
  CHECK(run->wait().state == run_state::cancelled);
}

TEST_CASE("events come in order without gaps and end with the run",
          "[runtime]") {
  auto troupe = runtime::create(quick());
  REQUIRE(troupe.has_value());
  auto run = troupe->start(two_steps());
  REQUIRE(run.has_value());
  std::vector<protocol::run_event> events;
  while (auto event = run->next_event(std::chrono::seconds{10}))
    events.push_back(std::move(*event));
  REQUIRE(events.size() >= 8);
  for (std::size_t i = 0; i < events.size(); ++i)
    CHECK(events[i].sequence == i + 1);
  CHECK(events.front().kind == protocol::event_kind::run_started);
  CHECK(events.back().kind == protocol::event_kind::run_finished);
  CHECK(events.back().cost == run->wait().cost);
}

TEST_CASE("an exception in an agent's code fails its task, not the process",
          "[runtime]") {
  auto troupe = runtime::create(quick());
  REQUIRE(troupe.has_value());
  const auto code = [](const task_view&) -> protocol::result<std::string> {
    throw std::runtime_error("no luck");
  };
  const auto added =
      troupe->add_agent({.name = "thrower", .skills = {"throw"}}, code);
  REQUIRE(added.has_value());
  protocol::mission mission;
  mission.name = "throw";
  mission.tasks = {task("a", "thrower"), task("b", "thrower", {"a"})};
  const auto report = troupe->run(mission);
  REQUIRE(report.has_value());
  CHECK(report->state == run_state::failed);
  // The third time it is held: no agent gets it again.
  CHECK(report->tasks[0].failure->code == errc::quarantined);
  CHECK(report->tasks[0].failure->detail.find("no luck") != std::string::npos);
  CHECK(report->tasks[0].attempts == 3);
  CHECK(report->tasks[1].state == task_state::skipped);
  CHECK(report->tasks[1].failure->code == errc::dependency_failed);
}

TEST_CASE("a model calls a tool of the program and uses its result",
          "[runtime]") {
  auto troupe = runtime::create(quick());
  REQUIRE(troupe.has_value());
  REQUIRE(troupe
              ->add_tool(
                  {.name = "tide_table",
                   .description = "High water by port",
                   .input_schema = R"({"type":"object","properties":{}})"},
                  [](const tool_view&) -> protocol::result<std::string> {
                    return std::string{
                        "High water in Dover comes at nine. It falls later."};
                  })
              .has_value());
  auto spec = writer();
  spec.tools = {"tide_table"};
  REQUIRE(troupe->add_agent(spec).has_value());
  protocol::mission mission;
  mission.name = "tool";
  mission.tasks = {task("ask", "writer")};
  mission.tasks[0].prompt = "Use tide_table and tell when high water comes.";
  const auto report = troupe->run(mission);
  REQUIRE(report.has_value());
  CHECK(report->state == run_state::done);
  CHECK(report->tasks[0].model_calls == 2);
  CHECK(report->tasks[0].output.find("Dover") != std::string::npos);
}

TEST_CASE("an agent with an unknown tool or model is refused", "[runtime]") {
  auto troupe = runtime::create(quick());
  REQUIRE(troupe.has_value());
  auto spec = writer();
  spec.tools = {"hammer"};
  CHECK(troupe->add_agent(spec).error().code == errc::invalid_request);
  spec.tools.clear();
  spec.model = "simulated/experd";
  const auto refused = troupe->add_agent(spec);
  CHECK(refused.error().detail.find("simulated/expert") != std::string::npos);
  spec.model.clear();
  spec.card.name = "two words";
  CHECK(troupe->add_agent(spec).error().code == errc::invalid_request);
}

TEST_CASE("the README shows the program that the examples compile",
          "[runtime]") {
  const auto read = [](const std::string& path) {
    std::ifstream file{std::string{TROUPE_SOURCE_DIR} + path};
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  };
  auto program = read("/examples/embed/main.cpp");
  program = program.substr(program.find("#include"));
  CHECK(read("/README.md").find("```cpp\n" + program + "```")
        != std::string::npos);
}
