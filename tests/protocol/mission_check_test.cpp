#include "support/catch.hpp"
#include "troupe/protocol/mission_budget.hpp"
#include "troupe/protocol/mission_check.hpp"

using namespace troupe::protocol;

namespace {

mission small_mission() {
  mission m;
  m.name = "m";
  agent_spec writer;
  writer.card.name = "writer";
  writer.card.skills = {"writing"};
  m.agents = {writer};
  task_spec task;
  task.id = "a";
  task.agent = "writer";
  task.prompt = "Write.";
  m.tasks = {task};
  return m;
}

mission chain(std::size_t length) {
  auto m = small_mission();
  auto task = m.tasks[0];
  m.tasks.clear();
  for (std::size_t i = 0; i < length; ++i) {
    task.id = "t" + std::to_string(i);
    task.needs.clear();
    if (i > 0)
      task.needs = {"t" + std::to_string(i - 1)};
    m.tasks.push_back(task);
  }
  return m;
}

std::string told(const mission& m) {
  std::string text;
  for (const auto& one : check_mission(m))
    text += one.pointer + ": " + one.message + "\n";
  return text;
}

} // namespace

TEST_CASE("a mission without problems has none", "[mission_check]") {
  CHECK(told(small_mission()).empty());
  CHECK(told(chain(10'000)).empty());
}

TEST_CASE("each wrong field of a task has a pointer", "[mission_check]") {
  auto m = small_mission();
  auto& task = m.tasks[0];
  task.agent = "wirter";
  task.skill = "writing";
  task.prompt = " \n";
  task.output_tokens_max = 0;
  task.attempts_max = 21;
  task.timeout = duration{-1};
  task.budget = {};
  task.inputs = {"x", "x"};
  task.gate.words_min = 3;
  task.gate.words_max = 2;
  task.gate.must_mention = {""};
  task.gate.grounded_permille = 1001;
  CHECK(
      told(m)
      == "/tasks/0/skill: task 'a': give an agent or a skill, not both\n"
         "/tasks/0/agent: task 'a': unknown agent 'wirter' (did you mean "
         "'writer'?)\n"
         "/tasks/0/inputs/0: task 'a': unknown input 'x'\n"
         "/tasks/0/inputs/1: task 'a': lists the input 'x' twice\n"
         "/tasks/0/prompt: task 'a': the prompt is empty\n"
         "/tasks/0/output_tokens_max: task 'a': the output tokens must be from "
         "1 to 1000000\n"
         "/tasks/0/attempts_max: task 'a': the attempts must be from 1 to 20\n"
         "/tasks/0/timeout: task 'a': the timeout must be above 0 and at most "
         "1 d 00 h\n"
         "/tasks/0/budget: task 'a': a budget must be above 0; leave it out "
         "for "
         "no limit\n"
         "/tasks/0/gate/words_min: task 'a': words_min is above words_max\n"
         "/tasks/0/gate/grounded_permille: task 'a': grounded_permille is "
         "above "
         "1000\n"
         "/tasks/0/gate/must_mention: task 'a': an empty text in the gate\n");
}

TEST_CASE("the mission's own limits are checked", "[mission_check]") {
  mission m;
  m.budget = {-1};
  m.deadline = {};
  m.concurrency = 0;
  m.inputs = {{"a", ""}, {"a", ""}, {"a b", ""}};
  m.tags = {"a", "b", "c", "d", "e", "f", "g", "h", "a/b"};
  CHECK(told(m)
        == ": the mission has no name\n"
           "/budget: a budget must be above 0; leave it out for no limit\n"
           "/deadline: the deadline must be above 0 and at most 30 d 00 h\n"
           "/concurrency: concurrency must be from 1 to 10000\n"
           "/tasks: the mission has no tasks\n"
           "/tags: a mission has at most 8 tags\n"
           "/tags/8: the tag 'a/b' must have 1 to 64 letters, digits, '-', "
           "'_' or '.'\n"
           "/inputs/1/name: duplicate input 'a'\n"
           "/inputs/2/name: bad name of an input 'a b'\n");
}

TEST_CASE("cycles are printed whole, one that is long is cut",
          "[mission_check]") {
  auto m = chain(3);
  m.tasks[0].needs = {"t2"};
  CHECK(told(m)
        == "/tasks/1/needs/0: tasks need each other in a cycle: t0 -> t1 -> "
           "t2 -> t0\n");
  m.tasks[0].needs = {"t0"};
  CHECK(told(m)
        == "/tasks/0/needs/0: tasks need each other in a cycle: t0 -> t0\n");
  auto big = chain(10'000);
  big.tasks[0].needs = {"t9999"};
  const auto text = told(big);
  CHECK(text.size() < 1000);
  CHECK(text.find(" -> ... -> t0\n") != std::string::npos);
}

TEST_CASE("unknown and repeated needs are told", "[mission_check]") {
  auto m = chain(3);
  m.tasks[2].needs = {"t1", "t1", "t11"};
  CHECK(told(m)
        == "/tasks/2/needs/1: task 't2': needs 't1' twice\n"
           "/tasks/2/needs/2: task 't2': needs an unknown task 't11' (did you "
           "mean 't1'?)\n");
}

TEST_CASE("agents known elsewhere count", "[mission_check]") {
  auto m = small_mission();
  m.tasks[0].agent = "coder";
  const std::vector<agent_card> known{{"coder", "", {}, {}, tier::basic}};
  CHECK(check_mission(m, known).empty());
}

TEST_CASE("a flood of problems is cut, quickly", "[mission_check]") {
  auto m = chain(10'000);
  for (auto& task : m.tasks) {
    task.agent = "nobody-of-that-name";
    task.needs = {"nothing-of-that-name", "t-none"};
  }
  CHECK(check_mission(m).size() == 200);
}

TEST_CASE("too many tasks and needs are told without looking at each",
          "[mission_check]") {
  auto m = chain(10'001);
  CHECK(told(m) == "/tasks: 10001 tasks; at most 10000 are allowed\n");
  m = chain(3);
  m.tasks[2].needs.assign(200'000, "t1");
  CHECK(told(m).find("at most 200000 are allowed") != std::string::npos);
}

TEST_CASE("names and ids have few signs and few lengths", "[mission_check]") {
  CHECK(is_name("a-Z_0.9"));
  CHECK_FALSE(is_name(""));
  CHECK_FALSE(is_name("a/b"));
  CHECK_FALSE(is_name("\xC3\xA9"));
  CHECK_FALSE(is_name(std::string(65, 'a')));
  CHECK(is_task_id("a/b#1"));
  CHECK_FALSE(is_task_id("a b"));
}

TEST_CASE("a smaller budget for a mission is one for its tasks too",
          "[mission_check]") {
  auto m = chain(3);
  m.budget = money::max();
  const auto small = parse_money("0.01 USD").value();
  const auto smaller = parse_money("0.001 USD").value();
  m.tasks[1].budget = parse_money("0.25 USD").value();
  m.tasks[2].budget = smaller;
  replace_budget(m, small);
  CHECK(m.budget == small);
  CHECK(m.tasks[0].budget == small);
  CHECK(m.tasks[1].budget == small);
  CHECK(m.tasks[2].budget == smaller);
  CHECK(check_mission(m).empty());
}
