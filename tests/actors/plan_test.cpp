#include "plan_estimate.hpp"
#include "random.hpp"
#include "support/catch.hpp"
#include "troupe/actors/plan.hpp"

#include <algorithm>
#include <map>

using namespace troupe::actors;
using namespace troupe::protocol;
using namespace std::chrono_literals;

namespace {

model_spec model(std::string id, tier level, speed pace, std::int64_t dollars) {
  model_spec spec;
  spec.id = std::move(id);
  spec.level = level;
  spec.pace = pace;
  spec.context_tokens = 100'000;
  spec.output_tokens = 8000;
  price_band band;
  band.input = {dollars * 1'000'000'000};
  band.output = {dollars * 5'000'000'000};
  spec.prices = {band};
  return spec;
}

std::vector<model_spec> three_models() {
  return {model("m/expert", tier::expert, speed::slow, 10),
          model("m/advanced", tier::advanced, speed::medium, 3),
          model("m/basic", tier::basic, speed::fast, 1)};
}

std::vector<agent_spec> one_agent(tier level = tier::basic) {
  agent_spec agent;
  agent.card.name = "writer";
  agent.card.level = level;
  agent.card.skills = {"writing"};
  return {agent};
}

task_spec task(std::string id, std::vector<std::string> needs = {},
               std::uint32_t output_tokens = 1000) {
  task_spec spec;
  spec.id = std::move(id);
  spec.agent = "writer";
  spec.needs = std::move(needs);
  spec.prompt = "Write.";
  spec.output_tokens_max = output_tokens;
  return spec;
}

mission_plan plan(const mission& m, tier level = tier::basic) {
  return plan_mission(m, one_agent(level), three_models(), token_estimator{});
}

mission random_mission(std::uint64_t& state) {
  mission m;
  m.concurrency = 1 + next_random(state) % 6;
  m.order = next_random(state) % 3 == 0 ? schedule::waves : schedule::eager;
  const auto count = 1 + next_random(state) % 40;
  for (std::uint64_t i = 0; i < count; ++i) {
    auto one = task("t" + std::to_string(i), {}, 1 + next_random(state) % 4000);
    for (std::uint64_t j = 0; j < i; ++j)
      if (next_random(state) % (i + 1) < 2)
        one.needs.push_back("t" + std::to_string(j));
    one.urgency = static_cast<priority>(next_random(state) % 4);
    m.tasks.push_back(std::move(one));
  }
  // A shuffled mission: needs may stand behind those who need them.
  for (std::size_t i = count; i > 1; --i)
    std::swap(m.tasks[i - 1], m.tasks[next_random(state) % i]);
  return m;
}

} // namespace

TEST_CASE("a task's tier is its own, else the higher of priority and agent",
          "[plan]") {
  auto spec = task("a");
  agent_card card;
  spec.urgency = priority::low;
  CHECK(tier_for(spec, nullptr) == tier::basic);
  card.level = tier::advanced;
  CHECK(tier_for(spec, &card) == tier::advanced);
  spec.urgency = priority::medium;
  CHECK(tier_for(spec, nullptr) == tier::advanced);
  spec.urgency = priority::high;
  CHECK(tier_for(spec, nullptr) == tier::advanced);
  spec.urgency = priority::critical;
  CHECK(tier_for(spec, &card) == tier::expert);
  spec.level = tier::basic;
  CHECK(tier_for(spec, &card) == tier::basic);
}

TEST_CASE("a model takes its first token's time and a steady rate", "[plan]") {
  CHECK(time_for(speed::fast, 0) == 400ms);
  CHECK(time_for(speed::fast, 120) == 1400ms);
  CHECK(time_for(speed::medium, 140) == 2800ms);
  CHECK(time_for(speed::slow, 70) == 3500ms);
}

TEST_CASE("an estimate is 60 % of the cap at the cheapest model that fits",
          "[plan]") {
  mission m;
  m.tasks = {task("a")};
  const auto p = plan(m);
  REQUIRE(p.estimates.size() == 1);
  CHECK(p.estimates[0].model == "m/advanced");
  CHECK(p.estimates[0].output_tokens == 600);
  CHECK(p.estimates[0].time == time_for(speed::medium, 600));
  CHECK(p.estimates[0].prompt_tokens > 0);
  CHECK(p.cost == p.estimates[0].cost);
  CHECK(plan(m, tier::expert).estimates[0].model == "m/expert");
  m.tasks[0].urgency = priority::low;
  CHECK(plan(m).estimates[0].model == "m/basic");
  m.tasks[0].model = "m/expert";
  CHECK(plan(m).estimates[0].model == "m/expert");
}

TEST_CASE("results of needs and mission inputs count as prompt", "[plan]") {
  mission m;
  m.inputs = {{"brief", "many words that are to be read by the model"}};
  m.tasks = {task("a"), task("b", {"a"}), task("c")};
  m.tasks[2].inputs = {"brief"};
  const auto p = plan(m);
  const auto alone = p.estimates[0].prompt_tokens;
  CHECK(p.estimates[1].prompt_tokens == alone + 600);
  CHECK(p.estimates[2].prompt_tokens
        == alone + token_estimator{}.count(m.inputs[0].text));
}

TEST_CASE("an agent found by skill is the one of the lowest tier", "[plan]") {
  auto agents = one_agent(tier::expert);
  agents.push_back(agents[0]);
  agents[1].card.name = "helper";
  agents[1].card.level = tier::basic;
  mission m;
  m.tasks = {task("a")};
  m.tasks[0].agent.clear();
  m.tasks[0].skill = "writing";
  const auto p = plan_mission(m, agents, three_models(), token_estimator{});
  CHECK(p.estimates[0].model == "m/advanced");
}

TEST_CASE("tasks without a model-backed agent or a fitting model cost nothing",
          "[plan]") {
  mission m;
  m.tasks = {task("a"), task("b")};
  m.tasks[0].agent = "own-code";
  m.tasks[1].model = "m/absent";
  const auto p = plan(m);
  CHECK(p.estimates[0] == task_estimate{});
  CHECK(p.estimates[1] == task_estimate{});
  CHECK(p.makespan == 0s);
  CHECK(plan(mission{}).order.empty());
}

TEST_CASE("a diamond has three waves and the longer branch is critical",
          "[plan]") {
  mission m;
  m.tasks = {task("end", {"short", "long"}), task("short", {"start"}, 100),
             task("long", {"start"}, 2000), task("start")};
  const auto p = plan(m);
  CHECK(p.order == std::vector<std::string>{"start", "short", "long", "end"});
  CHECK(p.critical_path == std::vector<std::string>{"start", "long", "end"});
  CHECK(p.waves
        == std::vector<std::vector<std::string>>{
            {"start"}, {"short", "long"}, {"end"}});
  CHECK(p.makespan == p.critical_time);
}

TEST_CASE("with one place the makespan is the sum of all times", "[plan]") {
  mission m;
  m.concurrency = 1;
  m.tasks = {task("a"), task("b"), task("c", {"a"})};
  const auto p = plan(m);
  duration sum{};
  for (const auto& estimate : p.estimates)
    sum += estimate.time;
  CHECK(p.makespan == sum);
}

TEST_CASE("waves wait for the whole wave before them", "[plan]") {
  mission m;
  m.tasks = {task("a", {}, 100), task("b", {}, 4000), task("c", {"a"}, 4000)};
  const auto eager = plan(m);
  m.order = schedule::waves;
  const auto waves = plan(m);
  CHECK(waves.makespan > eager.makespan);
  CHECK(waves.makespan == waves.estimates[1].time + waves.estimates[2].time);
}

TEST_CASE("plans of random missions keep their bounds", "[plan]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    auto state = seed;
    const auto m = random_mission(state);
    const auto p = plan(m);
    REQUIRE(p.order.size() == m.tasks.size());
    std::map<std::string, std::size_t> place;
    for (std::size_t i = 0; i < p.order.size(); ++i)
      place.emplace(p.order[i], i);
    REQUIRE(place.size() == m.tasks.size());
    duration sum{};
    money cost;
    std::map<std::string, duration> times;
    for (std::size_t i = 0; i < m.tasks.size(); ++i) {
      for (const auto& need : m.tasks[i].needs)
        REQUIRE(place[need] < place[m.tasks[i].id]);
      sum += p.estimates[i].time;
      cost += p.estimates[i].cost;
      times[m.tasks[i].id] = p.estimates[i].time;
    }
    CHECK(p.cost == cost);
    CHECK(p.makespan >= p.critical_time);
    CHECK(p.makespan <= sum);
    CHECK(p.makespan.count()
          >= sum.count() / static_cast<std::int64_t>(m.concurrency));
    duration along{};
    for (const auto& id : p.critical_path)
      along += times[id];
    CHECK(along == p.critical_time);
    CHECK(plan(m).makespan == p.makespan);
  }
}

TEST_CASE("with a place for every task the makespan is the critical time",
          "[plan]") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    INFO("seed " << seed);
    auto state = seed;
    auto m = random_mission(state);
    m.order = schedule::eager;
    m.concurrency = 1000;
    const auto p = plan(m);
    CHECK(p.makespan == p.critical_time);
  }
}
