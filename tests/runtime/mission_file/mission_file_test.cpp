#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/protocol/header.hpp"
#include "troupe/runtime/mission_file.hpp"
#include "yaml/file.hpp"

#include <array>

using namespace troupe;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view agents = R"(agents:
  - name: writer
    skills: [writing]
    instructions: Write plainly, in short sentences, for a busy reader.
)";

constexpr std::string_view fields = R"(inputs:
  brief: {text: Build it.}
tasks:
  - {id: plan, agent: writer, inputs: [brief], prompt: Plan it.}
  - id: write
    skill: writing
    needs: [plan]
    prompt: Write it.
    priority: critical
    tier: expert
    model: a/b
    max_output_tokens: 2000
    timeout: 90s
    attempts: 2
    budget: $0.5
    gate:
      words_min: 10
      words_max: 300
      must_mention: [site]
      must_not_mention: [lorem]
      grounded_permille: 500
)";

constexpr std::string_view wrong = R"(mission: my mission
budget: -1
deadlin: 10m
concurrency: 0
agents:
  - name: writer
    skills: [writing]
    instructions: Write plainly, in short sentences, for a busy reader.
    tier: exprt
tasks:
  - id: a
    agent: wirter
    promt: x
    attempts: -3
  - id: b
    skill: writting
    needs: [aa]
    prompt: x
  - id: b
    agent: writer
    inputs: [brief]
    prompt: ""
    timeout: 0s
)";

std::string told(std::string_view text, const mission_options& options = {}) {
  return to_text(parse_mission(text, "m.yaml", options).problems);
}

std::string with_tasks(std::string_view tasks) {
  return "mission: m\n" + std::string{agents} + "tasks:\n" + std::string{tasks};
}

} // namespace

TEST_CASE("every field of a mission file reaches the mission",
          "[mission_file]") {
  auto loaded = parse_mission("mission: launch\ndescription: A site.\n"
                              "budget: 2.50 USD\ndeadline: 10m\n"
                              "concurrency: 3\nschedule: waves\n"
                              "tags: [nightly]\n"
                              "on_shortage: [shorter, cheaper]\n"
                                  + std::string{agents} + std::string{fields},
                              "m.yaml");
  REQUIRE(to_text(loaded.problems) == "");
  const auto& m = *loaded.mission;
  CHECK(m.name == "launch");
  CHECK(m.budget == protocol::money{2'500'000'000});
  CHECK(m.deadline == 10min);
  CHECK(m.concurrency == 3);
  CHECK(m.order == protocol::schedule::waves);
  CHECK(m.tags == std::vector<std::string>{"nightly"});
  CHECK(m.on_shortage
        == std::vector{protocol::shortage_step::shorter,
                       protocol::shortage_step::cheaper});
  CHECK(m.inputs == std::vector<protocol::task_input>{{"brief", "Build it."}});
  REQUIRE(m.tasks.size() == 2);
  protocol::task_spec wanted;
  wanted.id = "write";
  wanted.skill = "writing";
  wanted.needs = {"plan"};
  wanted.prompt = "Write it.";
  wanted.urgency = protocol::priority::critical;
  wanted.level = protocol::tier::expert;
  wanted.model = "a/b";
  wanted.output_tokens_max = 2000;
  wanted.timeout = 90s;
  wanted.attempts_max = 2;
  wanted.budget = {500'000'000};
  wanted.gate = {10, 300, {"site"}, {"lorem"}, 500};
  CHECK(m.tasks[1] == wanted);
}

TEST_CASE("a step that is none is told with those there are",
          "[mission_file]") {
  const auto text =
      told("on_shortage: [shorter, smaller]\n" + std::string{agents});
  CHECK(text.find("'smaller' is not one of") != std::string::npos);
  CHECK(text.find("cheaper") != std::string::npos);
}

TEST_CASE("a mission in JSON reads the same", "[mission_file]") {
  auto loaded = parse_mission(
      R"({"mission": "m", "budget": 2.5,
  "agents": [{"name": "w", "skills": ["s"],
    "instructions": "Write plainly, in short sentences, for a reader."}],
  "tasks": [{"id": "a", "agent": "w", "prompt": "Say \"hi\".\n"}]})",
      "m.json");
  REQUIRE(to_text(loaded.problems) == "");
  CHECK(loaded.mission->tasks[0].prompt == "Say \"hi\".\n");
  CHECK(loaded.mission->budget == protocol::money{2'500'000'000});
}

TEST_CASE("many problems are told at once, each at its line",
          "[mission_file]") {
  CHECK(
      told(wrong)
      == "m.yaml:1:10: the mission's name 'my mission' must have 1 to 64 "
         "letters, digits, '-', '_' or '.'\n"
         "m.yaml:2:9: 'budget' must be an amount like '2.50 USD', not "
         "negative, "
         "not '-1'\n"
         "m.yaml:3:1: unknown key 'deadlin' (did you mean 'deadline'?)\n"
         "m.yaml:4:14: 'concurrency' must be a whole number from 1 to 10000, "
         "not '0'\n"
         "m.yaml:9:11: 'exprt' is not one of basic, advanced, expert (did you "
         "mean 'expert'?)\n"
         "m.yaml:11:5: task 'a': the prompt is empty\n"
         "m.yaml:12:12: task 'a': unknown agent 'wirter' (did you mean "
         "'writer'?)\n"
         "m.yaml:13:5: unknown key 'promt' (did you mean 'prompt'?)\n"
         "m.yaml:14:15: 'attempts' must be a whole number from 1 to 20, not "
         "'-3'\n"
         "m.yaml:16:12: task 'b': no agent has the skill 'writting' (did you "
         "mean 'writing'?)\n"
         "m.yaml:17:13: task 'b': needs an unknown task 'aa' (did you mean "
         "'a'?)\n"
         "m.yaml:19:9: duplicate task id 'b'\n"
         "m.yaml:21:14: task 'b': unknown input 'brief'\n"
         "m.yaml:22:13: task 'b': the prompt is empty\n"
         "m.yaml:23:14: 'timeout' must be from 1 ms to 1 d 00 h, not '0s'\n");
}

TEST_CASE("a cycle is printed whole, at the need that closes it",
          "[mission_file]") {
  CHECK(told(with_tasks("  - {id: a, agent: writer, prompt: x, needs: [c]}\n"
                        "  - {id: b, agent: writer, prompt: x, needs: [a]}\n"
                        "  - {id: c, agent: writer, prompt: x, needs: [b]}\n"))
        == "m.yaml:8:47: tasks need each other in a cycle: a -> b -> c -> a\n");
}

TEST_CASE("a task's budget above the mission's is a problem",
          "[mission_file]") {
  CHECK(told("budget: 1\n"
             + with_tasks("  - {id: a, agent: writer, prompt: x, budget: 2}\n"))
            .find("m.yaml:8:47: task 'a': its budget")
        == 0);
}

TEST_CASE("a mission without anything says what is missing", "[mission_file]") {
  CHECK(told("{}")
        == "m.yaml:1:1: the mission has no name\n"
           "m.yaml:1:1: the mission has no tasks\n");
  CHECK(told("[]").find("expected fields here") != std::string::npos);
}

TEST_CASE("a mission that came as text reads no files", "[mission_file]") {
  auto text = told("mission: m\nroster: /etc\ninputs:\n"
                   "  a: {file: /etc/passwd}\n  b: {files: '/etc/*'}\n"
                   "tasks:\n  - {id: a, agent: writer, prompt: x}\n");
  CHECK(text
        == "m.yaml:2:9: no roster is read for a mission that came as text\n"
           "m.yaml:4:13: no files are read for a mission that came as text\n"
           "m.yaml:5:14: no files are read for a mission that came as text\n"
           "m.yaml:7:20: task 'a': unknown agent 'writer'\n");
}

TEST_CASE("the roster's problems keep their own file and line",
          "[mission_file]") {
  test::scratch_folder folder{"mission-roster"};
  folder.write("agents/a.yaml", "name: writer\ntier: basic\nskills: [w]\n"
                                "instructions: short\n");
  folder.write("agents/notes.txt", "not an agent");
  auto path = folder.write("m.yaml", "mission: m\nroster: agents\ntasks:\n"
                                     "- {id: a, agent: x, prompt: y}\n");
  auto text = to_text(load_mission(path).problems);
  CHECK(text
        == (folder.path() / "agents/a.yaml").string()
               + ":4:15: agent 'writer': its instructions have fewer than 40 "
                 "characters\n");
}

TEST_CASE("agents known elsewhere may be named", "[mission_file]") {
  mission_options options;
  options.known_agents.push_back({"coder", "", {"code"}, {}, {}});
  CHECK(told("mission: m\ntasks:\n- {id: a, agent: coder, prompt: x}\n"
             "- {id: b, skill: code, prompt: x}\n",
             options)
        == "");
}

TEST_CASE("pinned models are checked against the catalogue", "[mission_file]") {
  mission_options options;
  protocol::model_spec model;
  model.id = "sim/small";
  options.models = {model};
  CHECK(told(with_tasks("  - {id: a, agent: writer, prompt: x, model: "
                        "sim/smal}\n"),
             options)
        == "m.yaml:7:46: unknown model 'sim/smal' (did you mean "
           "'sim/small'?)\n");
}

TEST_CASE("missing, huge, binary and odd mission files are problems",
          "[mission_file]") {
  test::scratch_folder folder{"mission-bad"};
  auto problems_of = [](const std::string& path) {
    return to_text(load_mission(path).problems);
  };
  CHECK(problems_of("/nowhere/m.yaml")
        == "/nowhere/m.yaml: there is no such file\n");
  auto huge = folder.write("huge.yaml", std::string(10'000'000, 'a'));
  CHECK(problems_of(huge)
        == huge + ": the file has 9.5 MiB; at most 4 MiB are read\n");
  auto binary = folder.write("b.yaml", std::string("\x7f"
                                                   "ELF\0\1\2",
                                                   7));
  CHECK(problems_of(binary) == binary + ":1: not UTF-8 text\n");
  CHECK(problems_of(folder.path().string())
        == folder.path().string() + ": not a regular file\n");
}

constexpr std::array fields_of_page{"mission",
                                    "description",
                                    "budget",
                                    "deadline",
                                    "concurrency",
                                    "schedule",
                                    "tags",
                                    "on_shortage",
                                    "models",
                                    "models.skills",
                                    "models.regions",
                                    "models.price_max.input",
                                    "models.price_max.output",
                                    "models.hedge",
                                    "models.cascade.from",
                                    "models.cascade.check",
                                    "models.cascade.pass_permille",
                                    "roster",
                                    "agents",
                                    "inputs",
                                    "tasks",
                                    "file",
                                    "files",
                                    "text",
                                    "split",
                                    "split.by",
                                    "split.pattern",
                                    "split.parts_max",
                                    "split.chars_max",
                                    "id",
                                    "agent",
                                    "skill",
                                    "needs",
                                    "foreach",
                                    "prompt",
                                    "priority",
                                    "tier",
                                    "model",
                                    "max_output_tokens",
                                    "timeout",
                                    "attempts",
                                    "gate",
                                    "gate.words_min",
                                    "gate.words_max",
                                    "gate.must_mention",
                                    "gate.must_not_mention",
                                    "gate.grounded_permille"};

TEST_CASE("every field of a mission file is in its page", "[mission_file]") {
  auto page = yaml::read_file(TROUPE_SOURCE_DIR "/docs/mission.md", 1U << 20U);
  REQUIRE(page.has_value());
  for (const std::string_view field : fields_of_page) {
    INFO(field);
    CHECK(page->find("| `" + std::string{field} + "` |") != std::string::npos);
  }
}
