#include "support/catch.hpp"
#include "support/runtime/mission_files.hpp"

using namespace troupe;
using protocol::run_state;
using protocol::task_kind;
using protocol::task_state;
using test::record_of;

namespace {

constexpr std::string_view look = R"(
mission: look
result: verdict
inputs: {text: {text: Nothing.}, rules: {text: Be kind.}}
tasks:
  - {id: see, agent: test-say, inputs: [rules],
     prompt: "say: seen ${inputs.text}"}
  - {id: verdict, agent: test-upper, needs: [see], prompt: "Capitals."}
)";

const std::string ports =
    "tasks:\n"
    "  - {id: plan, agent: test-say, prompt: 'say: {\"ports\": [\"Husum\", "
    "\"Emden\"]}'}\n";

std::string output(const protocol::run_report& report, const std::string& id) {
  const auto* it = record_of(report, id);
  return it == nullptr ? "no task " + id : it->output;
}

task_state state(const protocol::run_report& report, const std::string& id) {
  const auto* it = record_of(report, id);
  REQUIRE(it != nullptr);
  return it->state;
}

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

protocol::run_report played(const test::mission_files& it,
                            const std::string& lines) {
  auto report = it.run(lines);
  if (!report)
    FAIL(report.error().detail);
  return std::move(*report);
}

const protocol::task_spec& task(const protocol::mission& in,
                                const std::string& id) {
  for (const auto& it : in.tasks)
    if (it.id == id)
      return it;
  FAIL("no task " << id);
  return in.tasks.front();
}

} // namespace

TEST_CASE("a mission is done for each item of a list, and places without one "
          "are left out",
          "[mission_loops]") {
  const test::mission_files it{"loops-items"};
  it.write("look.yaml", look);
  const auto report = played(it, ports + R"(
  - id: visit
    mission: look.yaml
    needs: [plan]
    foreach: {of: "${plan.output.ports}", max: 3}
    with: {text: "{{part}} {{item}} of ${plan.output.ports[1]}"}
  - {id: end, agent: test-count, needs: [visit], prompt: Count.}
)");
  CHECK(report.state == run_state::done);
  CHECK(has(output(report, "visit#1"), "1 HUSUM OF EMDEN"));
  CHECK(has(output(report, "visit#2/see"), "seen 2 Emden of Emden"));
  CHECK(state(report, "visit#3") == task_state::omitted);
  CHECK(state(report, "visit#3/text") == task_state::omitted);
  CHECK(state(report, "visit#3/see") == task_state::omitted);
  CHECK(has(output(report, "visit"), "HUSUM"));
  CHECK(has(output(report, "visit"), "EMDEN"));
}

TEST_CASE("a mission is done again with what its last round gave, until its "
          "condition holds",
          "[mission_loops]") {
  const test::mission_files it{"loops-rounds"};
  it.write("look.yaml", look);
  const auto report = played(it, R"(
tasks:
  - id: better
    mission: look.yaml
    with: {text: "{{round}} after [${better.output}]"}
    repeat: {max: 4, until: "${better.output} contains \"2 AFTER\""}
  - {id: end, agent: test-say, needs: [better], prompt: "say: ${better.output}"}
)");
  CHECK(report.state == run_state::done);
  CHECK(has(output(report, "better#1"), "SEEN 1 AFTER []"));
  CHECK(has(output(report, "end"), "SEEN 2 AFTER [SEEN 1 AFTER []]"));
  CHECK(state(report, "better#3") == task_state::omitted);
  CHECK(state(report, "better#4/verdict") == task_state::omitted);
}

TEST_CASE("a mission is done for each part of an input, and tasks of the same "
          "part need that part only",
          "[mission_loops]") {
  const test::mission_files it{"loops-parts"};
  it.write("look.yaml", look);
  const std::string lines = R"(
inputs: {log: {text: "calm\n${inputs.log}\nfog\n", split: {by: lines}}}
tasks:
  - {id: before, agent: test-say, foreach: log, prompt: "say: <{{item}}>"}
  - id: visit
    mission: look.yaml
    needs: [before]
    foreach: log
    with: {text: "{{part}}/{{parts}} {{title}} {{item}} ${before.output}"}
  - {id: after, agent: test-say, foreach: log, needs: [visit],
     prompt: "say: after ${visit.output}"}
  - {id: all, agent: test-count, needs: [visit], prompt: Count.}
)";
  const auto loaded = it.load(lines);
  INFO(to_text(loaded.problems));
  REQUIRE(loaded.mission.has_value());
  CHECK(task(*loaded.mission, "after#2").needs
        == std::vector<std::string>{"visit#2"});
  CHECK(task(*loaded.mission, "all").needs
        == std::vector<std::string>{"visit"});
  const auto report = played(it, lines);
  CHECK(report.state == run_state::done);
  CHECK(has(output(report, "visit#2"),
            "2/3 ${INPUTS.LOG} ${INPUTS.LOG} <${INPUTS.LOG}>"));
  CHECK(has(output(report, "after#3"), "after SEEN 3/3 FOG FOG <FOG>"));
}

TEST_CASE("loops of missions stand in loops of missions", "[mission_loops]") {
  const test::mission_files it{"loops-nested"};
  it.write("look.yaml", look);
  it.write("week.yaml", R"(
mission: week
inputs: {port: {text: none}, days: {text: '{"of": ["Mon", "Tue"]}'}}
tasks:
  - {id: names, kind: join, prompt: "${inputs.days}"}
  - id: day
    mission: look.yaml
    needs: [names]
    budget: 0.10 USD
    foreach: {of: "${names.output.of}", max: 2}
    with: {text: "${inputs.port} on {{item}}"}
)");
  const auto lines = ports + R"(
  - id: tour
    mission: week.yaml
    needs: [plan]
    budget: 0.20 USD
    foreach: {of: "${plan.output.ports}", max: 3}
    with: {port: "{{item}}"}
)";
  const auto report = played(it, lines);
  CHECK(report.state == run_state::done);
  CHECK(has(output(report, "tour#2/day#1/verdict"), "SEEN EMDEN ON MON"));
  CHECK(has(output(report, "tour"), "HUSUM ON TUE"));
  CHECK(state(report, "tour#3/day#1/see") == task_state::omitted);
  const auto loaded = it.load(lines);
  const auto& m = *loaded.mission;
  CHECK(m.groups.size() == 3 + 6);
  CHECK(task(m, "tour#1/day#2/see").group == "tour#1/day#2");
  CHECK(task(m, "tour#1/names").group == "tour#1");
  // One copy of what all rounds and items read.
  std::size_t rules = 0;
  for (const auto& input : m.inputs)
    rules += has(input.name, "rules") ? 1 : 0;
  CHECK(rules == 1);
  CHECK(task(m, "tour#2/day#1/see").inputs
        == std::vector<std::string>{"tour/day/rules"});
}

TEST_CASE("a mission whose condition does not hold is left out with all that "
          "it was given",
          "[mission_loops]") {
  const test::mission_files it{"loops-when"};
  it.write("look.yaml", look);
  const auto report = played(it, ports + R"(
  - id: visit
    mission: look.yaml
    needs: [plan]
    when: ${plan.output.ports[5]} != null
    with: {text: "${plan.output.ports[0]}"}
)");
  CHECK(report.state == run_state::done);
  CHECK(state(report, "visit/text") == task_state::omitted);
  CHECK(state(report, "visit/see") == task_state::omitted);
  CHECK(state(report, "visit") == task_state::omitted);
}

TEST_CASE("each name of a mission in a mission is changed once",
          "[mission_loops]") {
  const test::mission_files it{"loops-names"};
  it.write("names.yaml", R"(
mission: names
inputs: {start: {text: none}}
tasks:
  - {id: x, agent: test-say, prompt: "say: x"}
  - {id: z/x, agent: test-say, needs: [x], prompt: "say: ${x.output}"}
  - {id: start, agent: test-say, needs: [x, z/x],
     when: "${inputs.start} == \"go\"",
     prompt: "say: ${z/x.output} ${x.output} ${inputs.start}"}
)");
  const std::string lines = R"(
tasks:
  - {id: first, agent: test-say, prompt: "say: go"}
  - {id: z, mission: names.yaml, needs: [first],
     with: {start: "${first.output}"}}
)";
  const auto loaded = it.load(lines);
  INFO(to_text(loaded.problems));
  REQUIRE(loaded.mission.has_value());
  CHECK(task(*loaded.mission, "z/z/x").prompt == "say: ${z/x.output}");
  CHECK(output(played(it, lines), "z") == "x x go");
  CHECK(state(played(it, lines), "z/start__") == task_state::done);
}

TEST_CASE("the result of a mission may be a task for each part",
          "[mission_loops]") {
  const test::mission_files it{"loops-result"};
  it.write("parts.yaml", R"(
mission: parts
inputs: {log: {text: "calm\nfog\n", split: {by: lines}}}
tasks:
  - {id: loud, agent: test-upper, foreach: log, prompt: Capitals.}
)");
  const auto report =
      played(it, "tasks:\n  - {id: all, mission: parts.yaml}\n");
  CHECK(output(report, "all") == "CALM\n\nFOG");
}

TEST_CASE("what a mission in a mission gives is checked as a task's answer is",
          "[mission_loops]") {
  const test::mission_files it{"loops-checked"};
  it.write("look.yaml", look);
  const auto report = it.run(R"(
tasks:
  - {id: good, mission: look.yaml, gate: {must_mention: [nothing]}}
  - {id: bad, mission: look.yaml, output: {type: object}}
)");
  REQUIRE(report.has_value());
  CHECK(state(*report, "good") == task_state::done);
  CHECK(state(*report, "bad") == task_state::failed);
  CHECK(record_of(*report, "bad")->failure->code
        == protocol::errc::gate_failed);
}

TEST_CASE("what is wrong with a loop of a mission is told where it stands",
          "[mission_loops]") {
  const test::mission_files it{"loops-bad"};
  it.write("look.yaml", look);
  const auto one = [&](const std::string& fields) {
    return it.problems("tasks:\n  - {id: p, agent: test-say, prompt: P.}\n"
                       "  - id: x\n    mission: look.yaml\n    needs: [p]\n"
                       + fields);
  };
  CHECK(has(one("    with: {text: \"{{item}}\"}\n"),
            "outer.yaml:7: {{item}} needs 'foreach'"));
  CHECK(has(one("    with: {text: \"{{round}}\"}\n"), "needs 'repeat'"));
  CHECK(has(one("    with: {text: \"{{rund}}\"}\n"), "did you mean 'round'?"));
  CHECK(has(one("    with: {text: \"${q.output}\"}\n"),
            "outer.yaml:7: with 'text': refers to 'q', which it does not "
            "need"));
  CHECK(has(one("    with: {text: \"${x.output}\"}\n"), "does not need"));
  CHECK(has(one("    with: {text: \"${inputs.q}\"}\n"), "unknown input 'q'"));
  CHECK(has(one("    with: {text: \"${p.outptu}\"}\n"), "is none"));
  CHECK(has(one("    repeat: {max: 2, until: '${q.output}'}\n"), "neither"));
  CHECK(has(one("    foreach: {of: '${q.output}', max: 3}\n"), "not need"));
  CHECK(has(one("    foreach: log\n"), "unknown input 'log'"));
  CHECK(has(one("    foreach: {of: '${p.output}', max: 3}\n    repeat: {max: "
                "2, until: 'true'}\n"),
            "'foreach' or 'repeat', not both"));
  CHECK(has(one("    prompt: P.\n"), "give texts by 'with'"));
}

TEST_CASE("loops in loops are refused by their size before they are made",
          "[mission_loops]") {
  const test::mission_files it{"loops-size"};
  const auto loop = [](const std::string& of) {
    return "mission: m\ntasks:\n  - {id: p, agent: test-say, prompt: P.}\n"
           "  - id: x\n    mission: "
           + of
           + "\n    needs: [p]\n    foreach: {of: '${p.output.all}', max: "
             "1000}\n";
  };
  it.write("a.yaml", "mission: a\ntasks:\n  - {id: p, agent: test-say, prompt: "
                     "P.}\n");
  it.write("b.yaml", loop("a.yaml"));
  it.write("c.yaml", loop("b.yaml"));
  it.write("d.yaml", loop("c.yaml"));
  const auto told = it.problems("tasks:\n  - {id: x, mission: d.yaml}\n");
  CHECK(has(told, "c.yaml:5: with all parts there are "));
  CHECK(has(told, " tasks; at most 10000 are allowed: lower a 'max'"));
  std::string many = "tasks:\n";
  for (int i = 0; i < 12; ++i)
    many += "  - {id: x" + std::to_string(i) + ", mission: b.yaml}\n";
  CHECK(has(it.problems(many), "tasks; at most 10000"));
  it.write("long.yaml", "mission: a\ntasks:\n  - {id: p, agent: test-say, "
                        "prompt: '"
                            + std::string(200'000, 'x') + "'}\n");
  it.write("wide.yaml", loop("long.yaml"));
  CHECK(has(it.problems("tasks:\n  - {id: x, mission: wide.yaml}\n  - {id: y, "
                        "mission: wide.yaml}\n"),
            "bytes in the texts of tasks; at most"));
  // A loop of work alone, too.
  std::string alone = "tasks:\n  - {id: p, agent: test-say, prompt: P.}\n";
  for (int i = 0; i < 11; ++i)
    alone += "  - {id: x" + std::to_string(i)
             + ", agent: test-say, needs: [p], prompt: P., foreach: {of: "
               "'${p.output.all}', max: 1000}}\n";
  CHECK(has(it.problems(alone), "with all parts there are 11023 tasks"));
}

TEST_CASE("a mission that came as text reads no other mission",
          "[mission_loops]") {
  const test::mission_files it{"loops-text"};
  it.write("look.yaml", look);
  const auto loaded = parse_mission(
      "mission: m\ntasks:\n  - {id: x, mission: look.yaml}\n", "m");
  REQUIRE(loaded.problems.size() == 1);
  CHECK(loaded.problems[0].line == 3);
  CHECK(has(loaded.problems[0].message, "no other mission is read"));
}
