#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/mission_file.hpp"
#include "troupe/runtime/runtime.hpp"

using namespace troupe;
using protocol::task_kind;

namespace {

constexpr std::string_view review = R"(
mission: review
result: verdict
inputs: {text: {text: Nothing.}, rules: {text: Be kind.}}
agents:
  - name: critic
    skills: [judging]
    instructions: Look closely, and say what is good and what is bad.
tasks:
  - {id: look, agent: critic, inputs: [text, rules], prompt: "Look at it."}
  - {id: verdict, agent: critic, needs: [look], prompt: "By
      ${inputs.rules}, of ${inputs.text}, judge ${look.output}."}
  - {id: aside, agent: critic, needs: [look], prompt: "Say more."}
)";

struct files {
  void write(const std::string& name, std::string_view text) const {
    (void)folder.write(name, text);
  }
  loaded_mission load(const std::string& tasks) const {
    write("outer.yaml",
          "mission: outer\nagents:\n  - name: writer\n    skills: "
          "[writing]\n    instructions: Write plainly, in short "
          "sentences, for a busy reader.\ntasks:\n"
          "  - {id: draft, agent: writer, prompt: Draft.}\n"
              + tasks);
    return load_mission(folder.path() / "outer.yaml");
  }
  std::string problems(const std::string& tasks) const {
    std::string all;
    for (const auto& it : load(tasks).problems)
      all += it.file + ": " + it.message + "\n";
    return all;
  }
  test::scratch_folder folder{"sub-missions"};
};

const protocol::task_spec& task(const protocol::mission& in,
                                const std::string& id) {
  for (const auto& it : in.tasks)
    if (it.id == id)
      return it;
  FAIL("no task " << id);
  return in.tasks.front();
}

const std::string reviewed =
    "  - {id: check, mission: review.yaml, needs: [draft], budget: 0.20, with: "
    "{text: \"${draft.output}\"}}\n"
    "  - {id: end, agent: writer, needs: [check], prompt: End.}\n";

} // namespace

TEST_CASE("the tasks of a mission take the place of the task that names it",
          "[sub_missions]") {
  const files it{};
  it.write("review.yaml", review);
  const auto loaded = it.load(reviewed);
  INFO(to_text(loaded.problems));
  REQUIRE(loaded.mission.has_value());
  const auto& m = *loaded.mission;
  CHECK(task(m, "check/text").prompt == "${draft.output}");
  CHECK(task(m, "check/text").kind == task_kind::join);
  const auto& look = task(m, "check/look");
  CHECK(look.needs == std::vector<std::string>{"check/text", "check/start"});
  CHECK(look.inputs == std::vector<std::string>{"check/rules"});
  CHECK(look.group == "check");
  CHECK(m.groups
        == std::vector<protocol::task_group>{
            {"check", protocol::parse_money("0.20").value()}});
  const auto& verdict = task(m, "check/verdict");
  CHECK(verdict.prompt
        == "By ${inputs.check/rules}, of ${check/text.output}, judge "
           "${check/look.output}.");
  CHECK(verdict.needs == std::vector<std::string>{"check/look", "check/text"});
  CHECK(task(m, "check").needs == std::vector<std::string>{"check/verdict"});
}

TEST_CASE("a mission in a mission runs to its end", "[sub_missions]") {
  const files it{};
  it.write("review.yaml", review);
  auto loaded = it.load(reviewed);
  REQUIRE(loaded.mission.has_value());
  loaded.mission->concurrency = 1;
  runtime_config config;
  config.simulated.latency_scale_permille = 0;
  auto host = runtime::create(config);
  REQUIRE(host.has_value());
  const auto report = host->run(std::move(*loaded.mission));
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
}

TEST_CASE("a mission in a mission that may fail does not keep the run from "
          "being done",
          "[sub_missions]") {
  const files it{};
  it.write("review.yaml", review);
  auto loaded = it.load(
      "  - {id: check, mission: review.yaml, needs: [draft], may_fail: true, "
      "with: {text: \"${draft.output}\"}}\n"
      "  - {id: end, agent: writer, needs: [check], prompt: End.}\n");
  INFO(to_text(loaded.problems));
  REQUIRE(loaded.mission.has_value());
  auto& m = *loaded.mission;
  for (const auto* inner : {"check/start", "check/text", "check/look"})
    CHECK(task(m, inner).within == "check");
  CHECK(task(m, "check").within.empty());
  CHECK((task(m, "end").within.empty() && task(m, "check").may_fail));
  const auto fails = std::find_if(m.tasks.begin(), m.tasks.end(),
                                  [](auto& t) { return t.id == "check/look"; });
  fails->gate.must_mention = {"what nobody says"};
  fails->attempts_max = 1;
  runtime_config config;
  config.simulated.latency_scale_permille = 0;
  auto host = runtime::create(config);
  REQUIRE(host.has_value());
  const auto report = host->run(std::move(m));
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
  for (const auto& one : report->tasks) {
    CAPTURE(one.task);
    if (one.task == "check/look" || one.task == "check")
      CHECK(one.state == protocol::task_state::failed);
    else if (one.task == "check/verdict" || one.task == "check/aside")
      CHECK(one.state == protocol::task_state::skipped);
    else
      CHECK(one.state == protocol::task_state::done);
  }
}

TEST_CASE("what is wrong with a mission in a mission is told by its file",
          "[sub_missions]") {
  const files it{};
  const auto has = [](const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
  };
  CHECK(has(it.problems(reviewed), "review.yaml: "));
  it.write("review.yaml",
           "mission: review\nagents:\n  - name: critic\n    skills: "
           "[judging]\n    instructions: Look closely, and say what is "
           "good and what is bad.\n"
           "tasks:\n"
           "  - {id: look, agent: critc, prompt: Look.}\n");
  CHECK(has(it.problems(reviewed), "did you mean 'critic'?"));
  CHECK(has(it.problems(reviewed), "outer.yaml: the mission has no input"));
  it.write("review.yaml", review);
  CHECK(has(it.problems("  - {id: x, mission: review.yaml, prompt: P.}\n"),
            "has no 'prompt'"));
  CHECK(has(it.problems("  - {id: x, mission: review.yaml, agent: writer}\n"),
            "only 'work'"));
  it.write("self.yaml",
           "mission: self\ntasks:\n  - {id: x, mission: self.yaml}\n");
  CHECK(has(it.problems("  - {id: x, mission: self.yaml}\n"),
            "missions stand in each other"));
  it.write("late.yaml",
           "mission: late\nresult: none\nagents: [{name: a, skills: "
           "[x]}]\ntasks:\n  - {id: x, agent: a, prompt: P.}\n");
  CHECK(has(it.problems("  - {id: x, mission: late.yaml}\n"),
            "unknown task 'none'"));
}

TEST_CASE("a field that says nothing of a mission in a mission is a problem",
          "[sub_missions]") {
  const files it{};
  it.write("review.yaml", review);
  for (const auto* field :
       {"agent: writer", "skill: writing", "inputs: []", "timeout: 5s",
        "attempts: 2", "retry: {pause: 1s}", "tier: expert", "model: a/b",
        "models: {hedge: true}", "priority: high", "max_output_tokens: 9",
        "agreement: {of: 3}", "always_run: true"}) {
    INFO(field);
    const std::string name{field, std::string_view{field}.find(':')};
    CHECK(it.problems("  - {id: check, mission: review.yaml, "
                      + std::string{field} + "}\n")
              .find("'" + name
                    + "' says nothing of a task that stands for a "
                      "mission")
          != std::string::npos);
  }
}
