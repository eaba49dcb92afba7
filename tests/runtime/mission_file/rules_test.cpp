#include "support/catch.hpp"
#include "troupe/runtime/mission_file.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using protocol::task_kind;

namespace {

const std::string head =
    "mission: m\nagents:\n"
    "  - {name: a, skills: [fast], instructions: Write plainly and in short "
    "sentences for a busy reader.}\n"
    "  - {name: b, skills: [slow], instructions: Write plainly and in long "
    "sentences for a patient reader.}\n";

loaded_mission load(const std::string& rest) {
  return parse_mission(head + rest, "m.yaml");
}

protocol::mission good(const std::string& rest) {
  auto loaded = load(rest);
  for (const auto& it : loaded.problems)
    UNSCOPED_INFO(it.line << ": " << it.message);
  REQUIRE(loaded.mission.has_value());
  return std::move(*loaded.mission);
}

std::string told(const std::string& rest) {
  std::string all;
  for (const auto& it : load(rest).problems)
    all += it.message + "\n";
  return all;
}

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

const protocol::task_spec& task(const protocol::mission& in,
                                const std::string& id) {
  for (const auto& it : in.tasks)
    if (it.id == id)
      return it;
  FAIL("no task " << id);
  return in.tasks.front();
}

const std::string planned = R"(
reuse: true
caps: [{skill: slow, most: 2}]
tasks:
  - id: plan
    agent: a
    prompt: Plan.
    output:
      type: object
      required: [items]
      properties: {items: {type: array, maxItems: 5}}
    retry: {pause: 1s, pause_max: 4s, on: [provider_timeout, agent_failed]}
    may_fail: true
    always_run: true
  - id: write
    skill: slow
    needs: [plan]
    when: ${plan.output.items} != null
    prompt: Use ${plan.output.items[0]}.
    agreement: {of: 3, at_least: 2, agents: [a, b]}
    gate:
      matches: "^[a-z]+$"
      tool: lint
      on_fail: escalate
      judge: {agent: a, prompt: "Is it good?", pass_permille: 800}
  - id: release
    needs: [write]
    prompt: Release?
    approve: {ask: [ada], expires: 2h, on_expiry: approve}
)";

} // namespace

TEST_CASE("a mission says when tasks run, what answers must pass and what "
          "follows",
          "[mission_rules]") {
  const auto m = good(planned);
  CHECK(m.reuse.is_on);
  CHECK(m.caps == std::vector<protocol::cap_spec>{{{}, "slow", 2}});
  const auto& plan = m.tasks[0];
  CHECK(plan.output_schema
        == R"({"type":"object","required":["items"],)"
           R"("properties":{"items":{"type":"array","maxItems":5}}})");
  CHECK(plan.retries.pause == 1s);
  CHECK(plan.retries.on
        == std::vector{protocol::errc::provider_timeout,
                       protocol::errc::agent_failed});
  CHECK((plan.may_fail && plan.always_run));
  const auto& write = m.tasks[1];
  CHECK(write.agreement == protocol::agreement_spec{3, 2, {"a", "b"}});
  CHECK(write.gate.on_fail == protocol::gate_action::escalate);
  CHECK(write.gate.judge == protocol::judge_spec{"a", "Is it good?", 800});
  const auto& release = m.tasks[2];
  CHECK(release.kind == task_kind::approval);
  CHECK(release.approval == protocol::approval_spec{{"ada"}, 2h, true});
}

TEST_CASE("a loop becomes its rounds and a task that gives the last",
          "[mission_rules]") {
  const auto m = good(R"(
tasks:
  - {id: plan, agent: a, prompt: Plan.}
  - id: draft
    agent: a
    needs: [plan]
    prompt: Round {{round}}. ${draft.output.text} By ${plan.output}.
    repeat: {max: 3, until: "${draft.output.good} == true"}
  - {id: end, agent: a, needs: [draft], prompt: "Use ${draft.output.text}."}
)");
  REQUIRE(m.tasks.size() == 6);
  CHECK(task(m, "draft#1").prompt == "Round 1.  By ${plan.output}.");
  CHECK(task(m, "draft#1").when == "");
  const auto& second = task(m, "draft#2");
  CHECK(second.prompt == "Round 2. ${draft#1.output.text} By ${plan.output}.");
  CHECK(second.needs == std::vector<std::string>{"plan", "draft#1"});
  CHECK(second.when
        == "(${draft#1.state} == \"done\") and (not "
           "(${draft#1.output.good} == true))");
  CHECK(task(m, "draft").kind == task_kind::pick);
  CHECK(task(m, "draft").needs
        == std::vector<std::string>{"draft#1", "draft#2", "draft#3"});
}

TEST_CASE("a list that a task gives becomes a task for each item that it may "
          "have",
          "[mission_rules]") {
  const auto m = good(R"(
tasks:
  - {id: plan, agent: a, prompt: Plan.}
  - id: work
    agent: a
    needs: [plan]
    foreach: {of: "${plan.output.items}", max: 2}
    prompt: Item {{part}} is {{item}}.
  - {id: end, agent: a, needs: [work], prompt: Join.}
)");
  REQUIRE(m.tasks.size() == 6);
  const auto& list = task(m, "work/items");
  CHECK(list.kind == task_kind::join);
  CHECK(list.prompt == "${plan.output.items}");
  CHECK(list.output_schema == R"({"type":"array","maxItems":2})");
  const auto& second = task(m, "work#2");
  CHECK(second.prompt == "Item 2 is ${work/items.output[1]}.");
  CHECK(second.when == "${work/items.output[1]} != null");
  CHECK(task(m, "work").needs == std::vector<std::string>{"work#1", "work#2"});
}

TEST_CASE("what a mission says wrong of its rules is told where it stands",
          "[mission_rules]") {
  const auto one = [](const std::string& fields) {
    return told("tasks:\n  - {id: p, agent: a, prompt: P.}\n  - id: x\n    "
                "agent: a\n    needs: [p]\n    prompt: X.\n"
                + fields);
  };
  CHECK(has(one("    when: ${p.output} >\n"), "expected a value"));
  CHECK(has(one("    when: ${q.output}\n"), "which it does not need"));
  CHECK(has(one("    when: ${inputs.book} == 1\n"), "unknown input"));
  CHECK(has(one("    output: {typ: object}\n"), "not known"));
  CHECK(has(one("    gate: {matches: '('}\n"), "no regular expression"));
  CHECK(has(one("    gate: {judge: {agent: c}}\n"), "unknown agent"));
  CHECK(has(one("    gate: {on_fail: never}\n"), "never"));
  CHECK(has(one("    agreement: {of: 2, at_least: 3}\n"), "at_least"));
  CHECK(has(one("    agreement: {at_least: 3}\n"), "of"));
  CHECK(has(one("    kind: pick\n"), "only 'work'"));
  CHECK(has(one("    retry: {pause: 2s, pause_max: 1s}\n"), "pause_max"));
  CHECK(has(one("    retry: {on: [bad_luck]}\n"), "bad_luck"));
  CHECK(has(one("    repeat: {max: 3}\n"), "until"));
  CHECK(has(one("    repeat: {max: 3, until: 'x'}\n"), "expected a value"));
  CHECK(has(one("    repeat: {max: 3, until: '${q.output}'}\n"), "neither"));
  CHECK(has(one("    foreach: {of: 'p', max: 3}\n"), "one reference"));
  CHECK(has(one("    foreach: {of: '${q.output}', max: 3}\n"), "not need"));
  CHECK(has(told("tasks:\n  - {id: x, agent: a, prompt: 'No {{item}}.'}\n"),
            "needs 'foreach'"));
  CHECK(has(told("tasks:\n  - {id: x, agent: a, prompt: '{{round}}'}\n"),
            "needs 'repeat'"));
  CHECK(has(told("tasks:\n  - {id: x, kind: join}\n"), "needs some"));
  CHECK(has(told("tasks:\n  - {id: x, agent: a, prompt: '${y.outptu}'}\n"),
            "is none"));
  CHECK(has(told("caps: [{most: 1}]\ntasks:\n  - {id: x, agent: a, prompt: "
                 "X.}\n"),
            "for an agent or for a skill"));
}
