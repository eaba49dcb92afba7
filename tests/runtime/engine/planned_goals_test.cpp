#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "troupe/runtime/orchestrator.hpp"

#include <boost/json/serialize.hpp>

using namespace troupe;
using protocol::run_state;

namespace {

/// What the model says, as JSON in JSON.
std::string piece_of(const std::string& text) {
  auto quoted = boost::json::serialize(boost::json::value(text));
  return test::openai_piece(quoted.substr(1, quoted.size() - 2));
}

/// A runtime whose only models are those of a script.
struct planning_world {
  void says(const std::string& text, int tokens = 30) {
    upstream.will(
        test::stream_reply(piece_of(text) + test::openai_end(100, tokens)));
  }

  protocol::result<protocol::run_report> achieve(const goal& what) {
    auto host =
        runtime::create(test::config_with({test::provider_at(upstream)}));
    if (!host)
      return host.error();
    return troupe::achieve(*host, what);
  }

  protocol::result<goal_plan> plan(const goal& what) {
    auto host =
        runtime::create(test::config_with({test::provider_at(upstream)}));
    if (!host)
      return host.error();
    return plan_goal(*host, what);
  }

  [[nodiscard]] bool was_told(std::size_t request, const std::string& text) {
    const auto all = upstream.requests();
    INFO((request < all.size() ? all[request] : "no such request"));
    return request < all.size() && all[request].find(text) != std::string::npos;
  }

  test::fake_upstream upstream;
};

const goal offers{.text = "Which offer of ${a.output} is better?",
                  .inputs = {{"a.txt", "ten"}, {"b.txt", "twelve"}}};

/// The role of the last task may be one that there is not.
std::string plan_with(const std::string& role) {
  return R"({"roles": [{"name": "reader", "instructions": "You read one."},
  {"name": "buyer", "instructions": "You compare."}], "tasks": [
  {"id": "one", "role": "reader", "inputs": ["a.txt"], "prompt": "Read it."},
  {"id": "compare", "role": ")"
         + role
         + R"(", "needs": ["one"], "inputs": ["b.txt"], "prompt": "Compare."}
  ]})";
}

} // namespace

TEST_CASE(
    "a model's plan that will not do is sent back with what is wrong, and "
    "its next one is carried out",
    "[orchestrator]") {
  planning_world it;
  it.says("Here is my plan.");
  it.says(plan_with("byer"));
  it.says("```json\n" + plan_with("buyer") + "\n```");
  it.says("Offer one says ten.");
  it.says("The first is better.");
  const auto report = it.achieve(offers);
  REQUIRE(report.has_value());
  CHECK(report->state == run_state::done);
  REQUIRE(report->tasks.size() == 2);
  CHECK(report->tasks[0].output == "Offer one says ten.");
  CHECK(report->tasks[1].output == "The first is better.");
  CHECK(it.upstream.requests().size() == 5);
  CHECK(it.was_told(0, "Which offer of ${a.output} is better?"));
  CHECK(it.was_told(0, "a.txt (3 bytes)"));
  CHECK_FALSE(it.was_told(0, "had these problems"));
  CHECK(it.was_told(1, "Your last plan had these problems"));
  CHECK(it.was_told(2, "unknown agent 'byer'"));
  CHECK(it.was_told(4, "Offer one says ten."));
}

TEST_CASE("a plan costs what its calls cost, and what is left is for the work",
          "[orchestrator]") {
  planning_world it;
  it.says("No.");
  it.says(plan_with("buyer"));
  auto what = offers;
  what.budget = protocol::parse_money("0.50 USD").value();
  const auto made = it.plan(what);
  REQUIRE(made.has_value());
  CHECK_FALSE(made->is_by_rules);
  CHECK(made->attempts == 2);
  CHECK(made->cost.nano_usd > 0);
  CHECK(made->mission.budget.nano_usd
        == what.budget.nano_usd - made->cost.nano_usd);
}

TEST_CASE("where no plan of a model will do, the goal is planned by rules and "
          "achieved all the same",
          "[orchestrator]") {
  planning_world it;
  it.says("I cannot plan.");
  it.says(plan_with("byer"));
  it.says(R"({"roles": [], "tasks": []})");
  it.says("A draft.");
  it.says("The answer.");
  const auto report = it.achieve({.text = "Say what ${inputs.x} means."});
  REQUIRE(report.has_value());
  CHECK(report->state == run_state::done);
  CHECK(report->tasks.back().output == "The answer.");
  CHECK(it.upstream.requests().size() == 5);
  CHECK(it.was_told(3, "Say what ${inputs.x} means."));
}

TEST_CASE("why a goal was planned by rules is told with what its plans cost",
          "[orchestrator]") {
  planning_world it;
  for (int i = 0; i < 3; ++i)
    it.says(plan_with("byer"));
  const auto made = it.plan(offers);
  REQUIRE(made.has_value());
  CHECK(made->is_by_rules);
  CHECK(made->attempts == 3);
  CHECK(made->why.find("unknown agent 'byer'") != std::string::npos);
  CHECK(made->cost.nano_usd > 0);
  CHECK(made->mission.tasks.size() == 4);
}
