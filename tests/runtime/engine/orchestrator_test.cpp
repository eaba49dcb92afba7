#include "orchestrator/plan_reader.hpp"
#include "support/catch.hpp"

using namespace troupe;
using namespace troupe::orchestrator;
using protocol::errc;

namespace {

const goal offers{.text = "Compare the offers.",
                  .inputs = {{"a.txt", "ten"}, {"b.txt", "twelve"}}};

constexpr std::string_view plan = R"({"roles": [
  {"name": "reader", "instructions": "You read one offer."},
  {"name": "buyer", "instructions": "You compare."}],
  "tasks": [
  {"id": "one", "role": "reader", "inputs": ["a.txt"],
   "prompt": "Read it.", "tier": "basic"},
  {"id": "two", "role": "reader", "inputs": ["b.txt"], "prompt": "Read it."},
  {"id": "compare", "role": "buyer", "needs": ["one", "two"],
   "prompt": "Compare them."}]})";

std::string problems(const std::string& json) {
  const auto made = read_plan(json, offers, {});
  return made ? std::string{} : made.error().detail;
}

std::string with(std::string text, const std::string& from,
                 const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

} // namespace

TEST_CASE("a model's plan becomes a mission", "[orchestrator]") {
  const auto made = read_plan(plan, offers, {});
  REQUIRE(made.has_value());
  REQUIRE(made->tasks.size() == 3);
  CHECK(made->agents.size() == 2);
  CHECK(made->tasks[0].level == protocol::tier::basic);
  CHECK(made->tasks[2].needs == std::vector<std::string>{"one", "two"});
  CHECK(made->inputs == offers.inputs);
}

TEST_CASE("an agent that is there is not made anew, and loose ends are joined",
          "[orchestrator]") {
  const std::vector<protocol::agent_card> known{{.name = "reader"}};
  const auto made =
      read_plan(with(std::string{plan}, R"("needs": ["one", "two"])",
                     R"("needs": ["one"])"),
                offers, known);
  REQUIRE(made.has_value());
  CHECK(made->agents.front().card.name == "buyer");
  REQUIRE(made->tasks.size() == 4);
  CHECK(made->tasks[3].needs == std::vector<std::string>{"two", "compare"});
}

TEST_CASE("what is wrong with a plan is told, for the model to mend",
          "[orchestrator]") {
  const std::string good{plan};
  CHECK(problems("Here is my plan.").find("not one JSON") != std::string::npos);
  CHECK(problems("{}").find("no member \"roles\"") != std::string::npos);
  CHECK(problems(with(good, "buyer\", \"needs\"", "byer\", \"needs\""))
            .find("unknown agent 'byer'")
        != std::string::npos);
  CHECK(problems(with(good, "a.txt\"]", "c.txt\"]")).find("unknown input")
        != std::string::npos);
  CHECK(problems(with(good, "\"one\", \"two\"", "\"one\", \"compare\""))
            .find("cycle")
        != std::string::npos);
  CHECK(problems(with(good, "Read it.", "Read ${two.output}.")).find("no '${'")
        != std::string::npos);
  CHECK(problems(with(good, "basic", "genius")).find("must be one of")
        != std::string::npos);
}

TEST_CASE("without a real model a goal is planned by rules and achieved",
          "[orchestrator]") {
  runtime_config config;
  config.simulated.latency_scale_permille = 0;
  auto host = runtime::create(config);
  REQUIRE(host.has_value());
  const auto made = plan_goal(*host, offers);
  REQUIRE(made.has_value());
  CHECK(made->is_by_rules);
  CHECK(made->mission.tasks.size() == 4);
  const auto report = achieve(*host, offers);
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
  CHECK_FALSE(report->tasks.back().output.empty());
  CHECK(plan_goal(*host, {.text = " "}).error().code == errc::invalid_request);
  CHECK(plan_goal(*host, {.text = std::string(20'000, 'x')}).error().code
        == errc::invalid_request);
}
