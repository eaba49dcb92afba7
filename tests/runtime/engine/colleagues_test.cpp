#include "support/catch.hpp"
#include "troupe/runtime/runtime.hpp"

#include <condition_variable>
#include <future>
#include <mutex>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::errc;

namespace {

using text = protocol::result<std::string>;

runtime make_troupe(std::uint32_t depth = 4, std::uint32_t questions = 32) {
  runtime_config config;
  config.simulated.latency_scale_permille = 0;
  config.log.level = log_level::off;
  config.limits.delegation_depth = depth;
  config.limits.delegation_questions = questions;
  auto it = runtime::create(config);
  REQUIRE(it.has_value());
  return std::move(*it);
}

void add(runtime& to, const std::string& name, agent_function code,
         execution where = execution::blocking) {
  REQUIRE(to.add_agent({.name = name, .skills = {"skill-of-" + name}},
                       std::move(code), where)
              .has_value());
}

protocol::mission one_task(const std::string& agent) {
  protocol::mission it;
  it.name = "one";
  it.tasks.resize(1);
  it.tasks[0].id = "task";
  it.tasks[0].agent = agent;
  it.tasks[0].prompt = "Write.";
  it.tasks[0].attempts_max = 1;
  return it;
}

protocol::run_report run(runtime& on, const std::string& agent) {
  auto report = on.run(one_task(agent));
  REQUIRE(report.has_value());
  return std::move(*report);
}

} // namespace

TEST_CASE("a C++ agent asks another one by name or skill and has its answer",
          "[colleagues]") {
  auto troupe = make_troupe();
  add(troupe, "critic", [](const task_view& it) -> text {
    return it.task.prompt + ' ' + std::string(it.input("draft")) + " is fine.";
  });
  add(troupe, "writer", [](const task_view& it) -> text {
    const auto one = it.ask({"critic", "", "This", {{"draft", "poem"}}});
    const auto two = it.ask({"", "skill-of-critic", "That", {}});
    return (one ? *one : one.error().detail) + " | "
           + (two ? *two : two.error().detail);
  });
  const auto report = run(troupe, "writer");
  CHECK(report.tasks.at(0).output == "This poem is fine. | That  is fine.");
}

TEST_CASE("what an asked model agent uses counts as the asker's",
          "[colleagues]") {
  auto troupe = make_troupe();
  protocol::agent_spec spec;
  spec.card.name = "poet";
  REQUIRE(troupe.add_agent(spec).has_value());
  add(troupe, "writer", [](const task_view& it) -> text {
    return it.ask({"poet", "", "Write a poem on rain.", {}});
  });
  const auto report = run(troupe, "writer");
  REQUIRE(report.state == protocol::run_state::done);
  CHECK_FALSE(report.tasks.at(0).output.empty());
  CHECK(report.tasks[0].used.output > 0);
  CHECK(report.tasks[0].cost > protocol::money{});
  CHECK(report.tasks[0].simulated);
  CHECK(report.tasks[0].cost == report.cost);
}

TEST_CASE("an agent on a shared worker cannot wait for another one",
          "[colleagues]") {
  auto troupe = make_troupe();
  add(troupe, "critic", [](const task_view&) -> text { return "fine"; });
  add(
      troupe, "writer",
      [](const task_view& it) -> text {
        it.progress(500); // without effect
        return it.ask({"critic", "", "Good?", {}});
      },
      execution::inline_);
  const auto report = run(troupe, "writer");
  REQUIRE(report.tasks.at(0).failure);
  CHECK(report.tasks[0].failure->code == errc::invalid_request);
}

TEST_CASE("a question to nobody, to oneself or without words is refused",
          "[colleagues]") {
  auto troupe = make_troupe();
  std::vector<errc> codes;
  add(troupe, "writer", [&codes](const task_view& it) -> text {
    for (const auto& bad : {protocol::question{"", "", "Good?"},
                            protocol::question{"boss", "", "x"},
                            protocol::question{"writer", "", "x"},
                            protocol::question{"critic", "", ""}})
      codes.push_back(it.ask(bad).error().code);
    return "done";
  });
  CHECK(run(troupe, "writer").state == protocol::run_state::done);
  CHECK(codes
        == std::vector{errc::invalid_request, errc::unknown_agent,
                       errc::invalid_request, errc::invalid_request});
}

TEST_CASE("a question that comes back to an agent which waits is refused",
          "[colleagues]") {
  auto troupe = make_troupe();
  add(troupe, "critic", [](const task_view& it) -> text {
    return it.ask({"writer", "", "What did you mean?", {}});
  });
  add(troupe, "writer", [](const task_view& it) -> text {
    const auto answer = it.ask({"critic", "", "Good?", {}});
    return answer.error().code == errc::limit_exceeded ? "refused" : "odd";
  });
  CHECK(run(troupe, "writer").tasks.at(0).output == "refused");
}

TEST_CASE("agents ask each other no deeper and no oftener than configured",
          "[colleagues]") {
  auto troupe = make_troupe(1, 2);
  std::vector<errc> codes;
  add(troupe, "second", [](const task_view&) -> text { return "fine"; });
  add(troupe, "first", [&codes](const task_view& it) -> text {
    codes.push_back(it.ask({"second", "", "Deeper?", {}}).error().code);
    return "fine";
  });
  add(troupe, "writer", [&codes](const task_view& it) -> text {
    CHECK(it.ask({"first", "", "One?", {}}).has_value());
    CHECK(it.ask({"second", "", "Two?", {}}).has_value());
    codes.push_back(it.ask({"second", "", "Three?", {}}).error().code);
    return "done";
  });
  CHECK(run(troupe, "writer").state == protocol::run_state::done);
  CHECK(codes == std::vector{errc::limit_exceeded, errc::limit_exceeded});
}

TEST_CASE("R5: a cancel of a run ends the question that its agent waits for",
          "[colleagues]") {
  auto troupe = make_troupe();
  std::promise<void> called;
  std::promise<errc> outcome;
  std::promise<bool> stopped;
  add(troupe, "critic", [&](const task_view& it) -> text {
    called.set_value();
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock{mutex};
    changed.wait_for(lock, it.stop, 10s, [] { return false; });
    stopped.set_value(it.stop.stop_requested());
    return "late";
  });
  add(troupe, "writer", [&](const task_view& it) -> text {
    auto answer = it.ask({"critic", "", "Good?", {}});
    outcome.set_value(answer ? errc::internal : answer.error().code);
    return answer;
  });
  auto started = troupe.start(one_task("writer"));
  REQUIRE(started.has_value());
  REQUIRE(called.get_future().wait_for(10s) == std::future_status::ready);
  started->cancel("enough");
  CHECK(started->wait().state == protocol::run_state::cancelled);
  CHECK(outcome.get_future().get() == errc::cancelled);
  CHECK(stopped.get_future().get());
}

TEST_CASE("who follows a run is told what its C++ agents say of their progress",
          "[colleagues]") {
  auto troupe = make_troupe();
  add(troupe, "writer", [](const task_view& it) -> text {
    it.progress(250, "reads");
    it.progress(1'000, std::string(600, 'x'));
    return "done";
  });
  auto started = troupe.start(one_task("writer"));
  REQUIRE(started.has_value());
  std::vector<protocol::run_event> told;
  while (const auto event = started->next_event(10s))
    if (event->kind == protocol::event_kind::task_progress)
      told.push_back(*event);
  REQUIRE(told.size() == 2);
  CHECK(told[0].permille == 250);
  CHECK(told[0].note == "reads");
  CHECK(told[1].permille == 1'000);
  CHECK(told[1].note == std::string(512, 'x'));
}
