// Sick agents: what is done for them without a person.
#include "journal/journal_file.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"

#include <troupe/protocol/json.hpp>
#include <troupe/testing/stage.hpp>

#include <algorithm>
#include <map>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::agent_condition;
using protocol::errc;
using protocol::health_step;
using protocol::run_state;

namespace {

/// Two agents of one skill, of which `ann` is asked first.
struct clinic {
  explicit clinic(std::uint64_t seed = 1, runtime_config config = {},
                  std::vector<std::string> names = {"ann", "bob"})
      : stage(seed, std::move(config)) {
    for (const auto& name : names)
      add(name);
    feed.emplace(stage.runtime().follow("health.").value());
  }

  void add(const std::string& name) {
    protocol::agent_card card;
    card.name = name;
    card.skills = {"paint"};
    const auto added = stage.runtime().add_agent(
        card, [this, name](const task_view& task) -> result_type {
          ++calls[name];
          if (task.task.prompt.starts_with("bad"))
            return protocol::fail(errc::invalid_request, "not like that");
          if (name == sick && breaks)
            throw std::runtime_error{"boom"};
          if (name == sick)
            return protocol::fail(errc::agent_failed, "I do not know how");
          return name + " was here";
        });
    REQUIRE(added.has_value());
  }

  protocol::run_report run(int tasks = 1, const std::string& words = "paint",
                           std::uint32_t attempts = 1) {
    protocol::mission mission;
    mission.name = "walls";
    mission.concurrency = 2;
    for (int i = 0; i < tasks; ++i) {
      auto& it = mission.tasks.emplace_back();
      it.id = "t" + std::to_string(i);
      it.skill = "paint";
      it.prompt = words + " wall " + std::to_string(++walls);
      it.attempts_max = attempts;
      it.may_fail = true;
      it.gate.must_not_mention = refused;
    }
    auto report = stage.run(std::move(mission));
    REQUIRE(report.has_value());
    return std::move(*report);
  }

  /// What has been told since the last call.
  std::string told() {
    std::string all;
    while (auto item = feed->next(1s)) {
      const auto& message = std::get<protocol::topic_message>(*item);
      const auto step = protocol::from_json<health_step>(
          protocol::parse_json(message.content).value());
      REQUIRE(step.has_value());
      CHECK(message.publisher == "health");
      all += (all.empty() ? "" : " ") + step->agent + "-"
             + message.topic.substr(std::string{"health."}.size());
    }
    return all;
  }

  [[nodiscard]] std::uint32_t restarts_of(const std::string& name) {
    const auto tree = stage.runtime().tree();
    REQUIRE(tree.has_value());
    for (const auto& it : tree->children)
      for (const auto& agent : it.children)
        if (it.name == "agents" && agent.name == name)
          return agent.restarts;
    return 0;
  }

  using result_type = protocol::result<std::string>;

  std::string sick;
  bool breaks = false;
  std::vector<std::string> refused;
  std::map<std::string, int> calls;
  int walls = 0;
  testing::stage stage;
  std::optional<topic_feed> feed;
};

} // namespace

TEST_CASE(
    "an agent that begins to fail is replaced by the next, and comes back",
    "[runtime][health]") {
  const auto seed = GENERATE(range(1ULL, 6ULL));
  const bool breaks = GENERATE(false, true);
  CAPTURE(seed, breaks);
  clinic it{seed};
  it.breaks = breaks;
  (void)it.run(5);
  CHECK(it.calls["ann"] == 5);
  // Eight failures, what it had then, and two trials after its restart.
  it.sick = "ann";
  (void)it.run(20);
  (void)it.run(20);
  CHECK(it.told() == "ann-drained ann-restarted ann-probation ann-replaced");
  CHECK(it.restarts_of("ann") == 1);
  CHECK(it.calls["ann"] <= 5 + 8 + 1 + 3);
  const auto last = it.calls["ann"];
  const auto calm = it.run(20);
  CHECK(it.calls["ann"] == last);
  CHECK(std::all_of(calm.tasks.begin(), calm.tasks.end(), [](const auto& task) {
    return task.output == "bob was here" && task.agent == "bob";
  }));
  // It gets well while it rests.
  it.sick = "";
  it.stage.advance(61s);
  CHECK(it.told() == "ann-probation");
  (void)it.run(10);
  CHECK(it.told() == "ann-recovered");
  const auto before = it.calls["ann"];
  (void)it.run(5);
  CHECK(it.calls["ann"] == before + 5);
  CHECK(it.restarts_of("ann") == 1);
}

TEST_CASE("a task whose agent is sick is done by the next in its own run",
          "[runtime][health]") {
  clinic it;
  it.sick = "ann";
  const auto report = it.run(40, "paint", 3);
  const auto done = std::count_if(
      report.tasks.begin(), report.tasks.end(),
      [](const auto& task) { return task.output == "bob was here"; });
  CHECK(done >= 28);
  CHECK(report.tasks.back().agent == "bob");
}

TEST_CASE("the only one with a skill is restarted, and its tasks wait",
          "[runtime][health]") {
  clinic it{1, {}, {"ann"}};
  it.sick = "ann";
  (void)it.run(8);
  it.sick = "";
  const auto report = it.run(10);
  CHECK(std::all_of(
      report.tasks.begin(), report.tasks.end(), [](const auto& task) {
        return task.state == protocol::task_state::done && task.attempts == 1;
      }));
  CHECK(it.told() == "ann-drained ann-restarted ann-probation ann-recovered");
}

TEST_CASE("an agent that is hurt by bad inputs only is left alone",
          "[runtime][health]") {
  clinic it;
  (void)it.run(60, "bad");
  it.sick = "ann";
  it.breaks = true;
  it.walls = 100;
  for (int i = 0; i < 12; ++i) { // the same one poison, in each run
    it.walls = 100;
    (void)it.run(1, "poison", 3);
  }
  CHECK(it.told().empty());
  CHECK(it.restarts_of("ann") == 0);
}

TEST_CASE("an agent whose answers do not pass is replaced until they do",
          "[runtime][health]") {
  clinic it;
  it.refused = {"ann"};
  (void)it.run(30);
  (void)it.run(10);
  CHECK(it.told() == "ann-drained ann-restarted ann-probation ann-replaced");
  it.refused = {"nobody"};
  it.stage.advance(61s);
  (void)it.run(10);
  CHECK(it.told() == "ann-probation ann-recovered");
}

TEST_CASE("nobody is drained where it is turned off", "[runtime][health]") {
  runtime_config config;
  config.health.enabled = false;
  clinic it{1, config};
  it.sick = "ann";
  (void)it.run(40);
  CHECK(it.told().empty());
  CHECK(it.calls["bob"] == 0);
}

TEST_CASE("every step is in the journal, whose check finds what was changed",
          "[runtime][health]") {
  const test::scratch_folder folder{"health"};
  runtime_config config;
  config.journal = (folder.path() / "runs.db").string();
  {
    clinic it{1, config};
    it.sick = "ann";
    (void)it.run(20);
    (void)it.run(20);
    CHECK(it.told() == "ann-drained ann-restarted ann-probation ann-replaced");
  }
  const auto journal = open_journal_file(config.journal);
  REQUIRE(journal.has_value());
  const auto steps = (*journal)->health(100);
  REQUIRE(steps.has_value());
  REQUIRE(steps->size() == 4);
  CHECK(steps->front().cause == protocol::sickness::errors);
  CHECK(steps->front().figures.failed >= 8);
  CHECK(steps->back().to == agent_condition::replaced);
  CHECK((*journal)->health(1)->front() == steps->back());
  const auto found = (*journal)->verify();
  REQUIRE(found.has_value());
  CHECK(found->problems.empty());
}

TEST_CASE("every part answers how it is", "[runtime][health]") {
  clinic it;
  const auto health = it.stage.runtime().health();
  REQUIRE(health.has_value());
  CHECK(health->is_live);
  CHECK(health->is_ready);
  std::vector<std::string> parts;
  for (const auto& part : health->parts) {
    CAPTURE(part.part, part.why);
    CHECK(part.is_live);
    CHECK(part.is_ready);
    parts.push_back(part.part);
  }
  for (const auto* name : {"troupe", "runs", "tools", "budget-manager",
                           "registry", "router", "cascade", "agents",
                           "agents/ann", "state-store", "topic-hub", "health"})
    CHECK(std::count(parts.begin(), parts.end(), name) == 1);
  CHECK(health->agents.empty());
  it.sick = "ann";
  (void)it.run(20);
  (void)it.run(20);
  const auto later = it.stage.runtime().health();
  REQUIRE(later.has_value());
  REQUIRE(later->agents.size() == 1);
  CHECK(later->agents[0].agent == "ann");
  CHECK(later->agents[0].condition == agent_condition::replaced);
  CHECK(later->agents[0].restarts == 1);
}
