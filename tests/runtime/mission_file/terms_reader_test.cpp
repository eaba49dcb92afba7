#include "support/catch.hpp"
#include "troupe/runtime/mission_file.hpp"

using namespace troupe;

namespace {

/// A mission with `models` of the mission, and of its one task.
auto read(const std::string& of_mission, const std::string& of_task = {}) {
  return parse_mission(
      "mission: m\n" + of_mission
          + "agents:\n  - name: writer\n    skills: [writing]\n"
            "    instructions: Write plainly, in short sentences, for a busy "
            "reader.\n"
            "tasks:\n  - id: a\n    agent: writer\n    prompt: Write.\n"
          + of_task,
      "m.yaml");
}

std::string problems_of(const std::string& of_mission) {
  return to_text(read(of_mission).problems);
}

} // namespace

TEST_CASE("what is asked of models reaches mission and task",
          "[mission_file]") {
  const auto loaded =
      read("models:\n  skills: [vision, reasoning]\n  regions: eu\n"
           "  price_max: {input: 3 USD, output: 15}\n  hedge: true\n"
           "  cascade: {from: advanced, check: form, pass_permille: 900}\n",
           "    models: {price_max: {output: 2}, cascade: {}}\n");
  REQUIRE(to_text(loaded.problems) == "");
  const auto& terms = loaded.mission->models;
  CHECK(terms.skills == std::vector<std::string>{"vision", "reasoning"});
  CHECK(terms.regions == std::vector<std::string>{"eu"});
  REQUIRE(terms.price_max);
  CHECK(terms.price_max->input == protocol::money{3'000'000'000});
  CHECK(terms.price_max->output == protocol::money{15'000'000'000});
  CHECK(terms.hedge);
  REQUIRE(terms.cascade);
  CHECK(*terms.cascade
        == protocol::cascade_plan{protocol::tier::advanced,
                                  protocol::answer_check::form, 900});
  const auto& own = loaded.mission->tasks.at(0).models;
  REQUIRE(own);
  CHECK(own->skills.empty());
  CHECK_FALSE(own->hedge);
  REQUIRE(own->price_max);
  CHECK(own->price_max->input == protocol::money::max());
  REQUIRE(own->cascade);
  CHECK(*own->cascade == protocol::cascade_plan{});
}

TEST_CASE("a task that states nothing of models is told apart from one that "
          "asks for nothing",
          "[mission_file]") {
  CHECK_FALSE(read("models: {hedge: true}\n").mission->tasks.at(0).models);
  const auto own = read("models: {hedge: true}\n", "    models: {}\n");
  REQUIRE(own.mission);
  REQUIRE(own.mission->tasks.at(0).models);
  CHECK_FALSE(own.mission->tasks.at(0).models->hedge);
}

TEST_CASE("what is wrong under models is told by line", "[mission_file]") {
  CHECK(problems_of("models: {hedges: true}\n").find("did you mean 'hedge'")
        != std::string::npos);
  CHECK(problems_of("models: {regions: [a, b, c, d, e, f, g, h, i]}\n")
            .find("at most 8 names")
        != std::string::npos);
  CHECK(problems_of("models: {cascade: {from: cheap}}\n")
            .find("'cheap' is not one of")
        != std::string::npos);
  CHECK(problems_of("models: {cascade: {pass_permille: 1001}}\n") != "");
  CHECK(problems_of("models: {price_max: {input: -1}}\n") != "");
  CHECK(problems_of("models: [eu]\n") != "");
}
