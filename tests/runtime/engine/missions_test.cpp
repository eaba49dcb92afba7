// The acceptance missions, as files under tests/missions.
#include "support/catch.hpp"
#include "support/runtime/mission_cases.hpp"
#include "support/scratch_folder.hpp"

using troupe::test::cases_of;
using troupe::test::count_missions;
using troupe::test::faults_of;
using troupe::test::play;
using troupe::test::read_case;
using troupe::test::scratch_folder;

namespace {

/// `agent-01...` to `agent-15...`, each as its first lines say.
void play_all(const std::string& group, std::size_t count) {
  const auto cases = cases_of(group);
  REQUIRE(cases.size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto name = cases[i].file.filename().string();
    const auto number =
        std::string{i < 9 ? "0" : ""} + std::to_string(i + 1) + "-";
    INFO(name << " proves: " << cases[i].value_of("proves"));
    CHECK(name.substr(group.size() + 1, 3) == number);
    CHECK(faults_of(cases[i], play(cases[i])) == "");
  }
}

std::string faults_in(const std::string& lines) {
  const scratch_folder folder{"missions"};
  const auto it = read_case(folder.write("one.yaml", lines + R"(
mission: one
tasks:
  - {id: one, agent: test-say, prompt: "say: it is done"}
)"));
  return faults_of(it, play(it));
}

} // namespace

TEST_CASE("the missions of single agents prove what they say", "[missions]") {
  play_all("agent", 15);
}

TEST_CASE("the missions of the coordinator prove what they say", "[missions]") {
  play_all("coordinator", 12);
}

TEST_CASE("the missions of several agents prove what they say", "[missions]") {
  play_all("crew", 15);
}

TEST_CASE("the missions of errors and edges prove what they say",
          "[missions]") {
  play_all("edge", 8);
}

TEST_CASE("no mission is left out of the four groups", "[missions]") {
  CHECK(count_missions() == 50);
}

TEST_CASE("a mission's lines are held against what became of it",
          "[missions]") {
  const std::string head = "# proves: it is done\n# state: done\n";
  CHECK(faults_in(head + "# task one: done\n# output one: is done\n") == "");
  CHECK(faults_in(head + "# task one: failed\n# spent: 0\n")
        == "task one: failed, but it is: done\n");
  CHECK(faults_in(head + "# output one: undone\n# lacks one: done\n")
        == "output one: undone, but it is: it is done\n"
           "lacks one: done, but it is: it is done\n");
  CHECK(faults_in(head + "# task two: done\n# calls: 1\n")
        == "task two: done, but it is: no such task\n"
           "calls: 1, but it is: 0\n");
}

TEST_CASE("a mission with a line that nobody knows, or too few, is at fault",
          "[missions]") {
  CHECK(faults_in("# proves: much\n# state: done\n# tusk one: done\n"
                  "# task one: done\n# spent: 0\n")
        == "unknown line 'tusk one'\n");
  CHECK(faults_in("# proves: much\n# state: done\n# task: done\n"
                  "# output one: done\n# spent one: 0\n# spent: 0\n")
        == "unknown line 'task'\nunknown line 'spent one'\n");
  CHECK(faults_in("# proves: much\n# state: done\n# decide one: yes ada\n"
                  "# output one: done\n# spent: 0\n")
        == "problem: task 'one' has not asked\n");
  CHECK(faults_in("# proves: little\n# state: done\n# task one: done\n")
        == "it checks too little\n");
  CHECK(faults_in("# task one: done\n# spent:\n")
        == "unknown line 'spent:'\nno line 'proves'\nno line 'state'\n"
           "it checks too little\n");
}
