// Budgets of tasks that are shares of their mission's.
#include "support/catch.hpp"
#include "troupe/runtime/mission_file.hpp"

using namespace troupe;

namespace {

loaded_mission load(const std::string& whole, const std::string& share) {
  return parse_mission(
      "mission: m\n" + whole
          + "agents:\n"
            "  - name: reader\n"
            "    skills: [reading]\n"
            "    instructions: Read closely and report what "
            "the text says.\n"
            "tasks:\n"
            "  - {id: t, agent: reader, prompt: Do it, budget: "
          + share + "}\n",
      "m.yaml");
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a task may have a share of its mission's budget",
          "[mission_file][budget_share]") {
  const auto share = [](const std::string& text) {
    const auto loaded = load("budget: 2.50 USD\n", text);
    REQUIRE(to_text(loaded.problems) == "");
    return loaded.mission->tasks.front().budget.nano_usd;
  };
  CHECK(share("20%") == 500'000'000);
  CHECK(share("20 %") == 500'000'000);
  CHECK(share("100%") == 2'500'000'000);
  CHECK(share("0.5 USD") == 500'000'000);
}

TEST_CASE("a share that is none, or of no budget, is a problem",
          "[mission_file][budget_share]") {
  for (const auto* wrong : {"0%", "101%", "-5%", "1.5%", "'%'", "ten %", "1%%"})
    CHECK(holds(to_text(load("budget: 1 USD\n", wrong).problems),
                "'budget' must be a share from 1 % to 100 %"));
  CHECK(holds(to_text(load("", "20%").problems), "m.yaml:7:"));
  CHECK(holds(to_text(load("", "20%").problems),
              "is a share of the mission's 'budget'"));
}
