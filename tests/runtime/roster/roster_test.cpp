#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/mission_file.hpp"
#include "troupe/runtime/roster.hpp"

#include <algorithm>

using namespace troupe;

namespace {

protocol::agent_spec agent(std::string name, std::string instructions) {
  protocol::agent_spec spec;
  spec.card.name = std::move(name);
  spec.card.skills = {"writing"};
  spec.instructions = std::move(instructions);
  return spec;
}

std::string told(std::span<const protocol::agent_spec> agents,
                 std::span<const protocol::model_spec> models = {}) {
  std::string text;
  for (const auto& one : verify_roster(agents, models))
    text += one.pointer + ": " + one.message + "\n";
  return text;
}

const std::string instructions(50, 'x');

} // namespace

TEST_CASE("the example roster has 47 agents in three tiers", "[roster]") {
  auto loaded = load_roster(TROUPE_SOURCE_DIR "/examples/roster");
  CHECK(to_text(loaded.problems) == "");
  CHECK(summarize(loaded.agents) == roster_summary{13, 21, 13});
  for (const auto& one : loaded.agents) {
    INFO(one.card.name);
    const auto& text = one.instructions;
    CHECK(std::count(text.begin(), text.end(), '\n') >= 6);
    CHECK_FALSE(one.card.description.empty());
    CHECK_FALSE(one.card.tags.empty());
  }
}

TEST_CASE("the example missions can be run", "[roster]") {
  auto tasks_of = [](const std::string& name) {
    auto loaded = load_mission(TROUPE_SOURCE_DIR "/examples/missions/" + name);
    CHECK(to_text(loaded.problems) == "");
    return loaded.mission ? loaded.mission->tasks.size() : 0;
  };
  CHECK(tasks_of("crew-of-8.yaml") == 8);
  CHECK(tasks_of("book-digest.yaml") == 10); // 8 chapters, account, review
  CHECK(tasks_of("code-review.yaml") > 20);
}

TEST_CASE("a mission cannot be mistaken for an agent", "[roster]") {
  auto loaded =
      load_roster(TROUPE_SOURCE_DIR "/examples/missions/book-digest.yaml");
  CHECK_FALSE(loaded.problems.empty());
}

TEST_CASE("wrong agents are told by field", "[roster]") {
  std::vector<protocol::agent_spec> agents{
      agent("a", instructions), agent("a", instructions + "y"),
      agent("b c", "short"), agent("d", " \n"), agent("", instructions)};
  agents[3].card.skills.clear();
  agents[3].turns_max = 0;
  CHECK(told(agents)
        == "/1/card/name: agent 'a': another agent has this name\n"
           "/2/card/name: agent '?': a name has 1 to 64 letters, digits, '-', "
           "'_' or '.'\n"
           "/2/instructions: agent '?': its instructions have fewer than 40 "
           "characters\n"
           "/3/card/skills: agent 'd': it has no skills\n"
           "/3/instructions: agent 'd': it has no instructions\n"
           "/3/turns_max: agent 'd': it may not make any model call\n"
           "/4: agent '?': it has no name\n"
           "/4/instructions: agent '?': another agent has the same "
           "instructions\n");
}

TEST_CASE("a model must exist and be of the agent's tier", "[roster]") {
  protocol::model_spec small;
  small.id = "simulated/basic";
  auto large = small;
  large.id = "simulated/expert";
  large.level = protocol::tier::expert;
  const std::vector<protocol::model_spec> models{small, large};
  std::vector<protocol::agent_spec> agents{agent("a", instructions),
                                           agent("b", instructions + "y"),
                                           agent("c", instructions + "z")};
  for (auto& one : agents)
    one.card.level = protocol::tier::advanced;
  agents[0].model = "simulated/expert";
  agents[1].model = "simulated/basic";
  agents[2].model = "simulated/expret";
  CHECK(told(agents, models)
        == "/1/model: agent 'b': its model is of tier basic, below the "
           "agent's, advanced\n"
           "/2/model: agent 'c': its model is not in the catalogue (did you "
           "mean 'simulated/expert'?)\n");
  CHECK(told(agents).empty());
}

TEST_CASE("a roster is a file, a list or a folder, each told by line",
          "[roster]") {
  test::scratch_folder folder{"roster"};
  const auto text = "instructions: " + instructions;
  folder.write("a.yaml", "name: a\ntier: basic\nskills: [s]\n" + text + "\n");
  folder.write("b.yml", "agents:\n- {name: b, skills: s, " + text
                            + "y}\n- {name: a, tier: exprt, skills: s, " + text
                            + "z}\n");
  folder.write("c.json", "[{\"name\": \"c\", \"tier\": \"expert\", "
                         "\"skills\": [\"s\"], \"instructions\": \""
                             + instructions + "q\", \"modl\": \"x\"}]");
  folder.write("readme.txt", "not an agent");
  auto loaded = load_roster(folder.path());
  CHECK(loaded.agents.size() == 4);
  const auto b = (folder.path() / "b.yml").string();
  CHECK(
      to_text(loaded.problems)
      == b + ":2:3: 'tier' is missing\n" + b
             + ":3:10: agent 'a': another agent has this name\n" + b
             + ":3:19: 'exprt' is not one of basic, advanced, expert (did you "
               "mean 'expert'?)\n"
             + (folder.path() / "c.json").string()
             + ":1:122: unknown key 'modl' (did you mean 'model'?)\n");
}

TEST_CASE("an agent's limits are read", "[roster]") {
  test::scratch_folder folder{"roster-limits"};
  const auto with = [&](const std::string& fields) {
    return load_roster(folder.write(
        "a.yaml", "{name: a, tier: basic, skills: [s], instructions: "
                      + instructions + ", " + fields + "}"));
  };
  const auto loaded = with("max_turns: 7, max_tokens: 5000, max_repeats: 2");
  REQUIRE(to_text(loaded.problems) == "");
  CHECK(loaded.agents[0].turns_max == 7);
  CHECK(loaded.agents[0].tokens_max == 5'000);
  CHECK(loaded.agents[0].repeats_max == 2);
  for (const std::string bad :
       {"max_turns: 0", "max_turns: 101", "max_tokens: 0", "max_tokens: -1",
        "max_repeats: 0", "max_repeats: 101", "repeats_max: 2"}) {
    INFO(bad);
    CHECK_FALSE(with(bad).problems.empty());
  }
}

TEST_CASE("an empty folder and a missing roster are problems", "[roster]") {
  test::scratch_folder folder{"roster-empty"};
  CHECK(to_text(load_roster(folder.path()).problems)
        == folder.path().string()
               + ": the folder has no agent files (*.yaml, *.yml, *.json)\n");
  CHECK(to_text(load_roster("/nowhere").problems)
        == "/nowhere: there is no such file\n");
}
