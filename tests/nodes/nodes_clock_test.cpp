// Clocks of the day that are set while nodes work.
#include "support/catch.hpp"
#include "support/nodes/needs.hpp"
#include "support/nodes/real_nodes.hpp"
#include "support/nodes/set_clock.hpp"

using namespace std::chrono_literals;
using namespace troupe::test;

namespace {

constexpr auto soon = 60s;
constexpr std::size_t tasks = 200;
const std::vector<std::string> three{"a", "b", "c"};

/// Nothing twice, nothing lost.
void judge(real_nodes& nodes, const std::string& run) {
  const auto code = nodes.end_run(run, soon);
  INFO(run << '\n' << nodes.bed.output());
  CHECK(code == 0);
  CHECK(nodes.seen(run).repeated == 0);
  CHECK(nodes.seen(run).done == tasks);
}

} // namespace

TEST_CASE("a clock that is set by an hour, forth and back, ends no run and "
          "does nothing twice",
          "[cluster][nodes][clock]") {
  if (is_skipped())
    return;
  const scratch_folder folder{"set-clocks"};
  const set_clock of_a{(folder.path() / "a").string()};
  const set_clock of_b{(folder.path() / "b").string()};
  real_nodes nodes{three,
                   journal_url(),
                   {{"a", {{}, of_a.environment(), -1}},
                    {"b", {{}, of_b.environment(), -1}}}};
  REQUIRE(nodes.are_joined(three, soon));
  const auto leap = GENERATE(1h, -1h);
  const auto name = std::string{leap > 0h ? "forth" : "back"};
  SECTION("of the node that keeps the run") {
    nodes.begin_run(name + "home", "a", tasks);
    REQUIRE(nodes.wait_effects(name + "home", 5, soon));
    of_a.set(leap);
    judge(nodes, name + "home");
  }
  SECTION("of one that works for it, and would take it") {
    nodes.begin_run(name + "lease", "a", tasks);
    REQUIRE(nodes.wait_effects(name + "lease", 5, soon));
    of_b.set(leap);
    // Whoever looks for runs without an owner by its own clock finds this one.
    CHECK_FALSE(nodes.bed.wait_line("b", "run.adopted", 3s));
    judge(nodes, name + "lease");
  }
  SECTION("of nodes that call tools") {
    of_a.set(leap);
    of_b.set(leap);
    const std::vector<std::string> calls(20, "tool {}");
    nodes.begin_run(name + "tools", "a", calls, "client");
    const auto code = nodes.end_run(name + "tools", soon);
    INFO(nodes.bed.output());
    CHECK(code == 0);
  }
  SECTION("of one that is started again") {
    of_b.set(leap);
    nodes.kill9("b");
    nodes.start("b");
    const bool are_joined = nodes.are_joined(three, soon);
    INFO(nodes.bed.output());
    CHECK(are_joined);
    nodes.begin_run(name + "again", "b", tasks);
    judge(nodes, name + "again");
  }
}
