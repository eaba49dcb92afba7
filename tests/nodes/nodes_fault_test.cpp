// Real nodes, real faults, judged by what the world has seen: the files in
// which agents of all nodes leave a line for each effect.
#include "support/catch.hpp"
#include "support/nodes/needs.hpp"
#include "support/nodes/real_nodes.hpp"

#include <cstdio>

using namespace std::chrono_literals;
using namespace troupe::test;

namespace {

constexpr auto soon = 60s;
constexpr std::size_t tasks = 60;
const std::vector<std::string> three{"a", "b", "c"};

class stopwatch {
public:
  void tell(const char* what) const {
    std::printf("  %s after %lld ms\n", what,
                static_cast<long long>(
                    std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::steady_clock::now() - begin_)
                        .count()));
  }

private:
  std::chrono::steady_clock::time_point begin_ =
      std::chrono::steady_clock::now();
};

/// Whatever has happened: nothing twice, and who was told that all is done was
/// told the truth.
void judge(real_nodes& nodes, const std::string& run) {
  const auto code = nodes.end_run(run, soon);
  INFO(nodes.bed.output());
  REQUIRE(code.has_value());
  const auto seen = nodes.seen(run);
  CHECK(seen.repeated == 0);
  CHECK((*code == 0 || *code == 1));
  if (*code == 0)
    CHECK(seen.done == tasks);
}

} // namespace

TEST_CASE("a run goes on when a node is killed, and does nothing twice",
          "[cluster][nodes]") {
  if (is_skipped())
    return;
  real_nodes nodes{three, journal_url()};
  REQUIRE(nodes.are_joined(three, soon));
  nodes.begin_run("killed", "a", tasks);
  REQUIRE(nodes.wait_effects("killed", 5, soon));
  const stopwatch watch;
  nodes.kill9("c");
  REQUIRE(nodes.bed.wait_line("a", "peer=c state=down", soon));
  watch.tell("a killed node was down");
  judge(nodes, "killed");
  nodes.start("c");
  const stopwatch again;
  const bool are_joined = nodes.are_joined(three, soon);
  INFO(nodes.bed.output());
  CHECK(are_joined);
  again.tell("it was up again");
}

TEST_CASE("a node that stood still is given up and comes back, and does "
          "nothing twice (N3)",
          "[cluster][nodes]") {
  if (is_skipped())
    return;
  real_nodes nodes{three, journal_url()};
  REQUIRE(nodes.are_joined(three, soon));
  nodes.begin_run("paused", "a", tasks);
  REQUIRE(nodes.wait_effects("paused", 5, soon));
  const stopwatch watch;
  nodes.bed.pause("c");
  REQUIRE(nodes.bed.wait_line("a", "peer=c state=down", soon));
  watch.tell("a paused node was down");
  judge(nodes, "paused");
  nodes.bed.resume("c");
  const stopwatch again;
  const bool are_joined = nodes.are_joined(three, soon);
  INFO(nodes.bed.output());
  CHECK(are_joined);
  again.tell("it was up again");
  CHECK(nodes.seen("paused").repeated == 0);
}

TEST_CASE("partitions, whole, one-way and flapping, end in a stable cluster "
          "(N5, N6)",
          "[cluster][nodes]") {
  if (is_skipped())
    return;
  real_nodes nodes{three, journal_url()};
  REQUIRE(nodes.are_joined(three, soon));
  SECTION("whole") {
    nodes.begin_run("whole", "a", tasks);
    REQUIRE(nodes.wait_effects("whole", 5, soon));
    nodes.bed.cut("a", "c");
    REQUIRE(nodes.bed.wait_line("a", "peer=c state=down", soon));
    REQUIRE(nodes.bed.wait_line("c", "peer=a state=down", soon));
    judge(nodes, "whole");
  }
  SECTION("one way") {
    nodes.begin_run("oneway", "a", tasks);
    REQUIRE(nodes.wait_effects("oneway", 5, soon));
    nodes.bed.cut_one_way("a", "c");
    REQUIRE(nodes.bed.wait_line("a", "peer=c state=down", soon));
    REQUIRE(nodes.bed.wait_line("c", "peer=a state=down", soon));
    judge(nodes, "oneway");
  }
  SECTION("flapping") {
    const auto flaps = nodes.bed.flap("a", "c", 300ms, 700ms);
    nodes.begin_run("flapping", "a", tasks);
    judge(nodes, "flapping");
  }
  nodes.bed.heal_all();
  const stopwatch again;
  const bool are_joined = nodes.are_joined(three, soon);
  INFO(nodes.bed.output());
  CHECK(are_joined);
  again.tell("all were up again");
}

TEST_CASE("the run of a node that was killed goes on elsewhere, no step twice",
          "[cluster][nodes]") {
  if (is_skipped())
    return;
  real_nodes nodes{three, journal_url()};
  REQUIRE(nodes.are_joined(three, soon));
  nodes.begin_run("adopted", "a", tasks);
  REQUIRE(nodes.wait_effects("adopted", 5, soon));
  const stopwatch watch;
  nodes.kill9("a");
  const bool is_all = nodes.wait_effects("adopted", tasks, soon);
  watch.tell("all was done elsewhere");
  INFO(nodes.bed.output());
  const auto seen = nodes.seen("adopted");
  CHECK(seen.repeated == 0);
  // What was under way when it was killed may be told as unknown.
  CHECK((is_all || seen.done + 8 >= tasks));
}

TEST_CASE("of five nodes one stands still for a minute and comes back (N3)",
          "[.][long]") {
  if (is_skipped())
    return;
  const std::vector<std::string> five{"a", "b", "c", "d", "e"};
  real_nodes nodes{five, journal_url()};
  REQUIRE(nodes.are_joined(five, soon));
  nodes.begin_run("minute", "a", tasks);
  REQUIRE(nodes.wait_effects("minute", 5, soon));
  nodes.bed.pause("e");
  judge(nodes, "minute");
  (void)nodes.bed.wait_line("a", "nobody says this", 60s);
  nodes.bed.resume("e");
  const stopwatch again;
  const bool are_joined = nodes.are_joined(five, soon);
  INFO(nodes.bed.output());
  CHECK(are_joined);
  again.tell("all were up again");
  CHECK(nodes.seen("minute").repeated == 0);
}

TEST_CASE(
    "thirty nodes are killed, one after another, and nothing is done twice",
    "[.][long]") {
  if (is_skipped())
    return;
  real_nodes nodes{three, journal_url()};
  REQUIRE(nodes.are_joined(three, soon));
  for (int i = 0; i < 30; ++i) {
    const auto run = "kill" + std::to_string(i);
    const std::string victim = i % 2 == 0 ? "b" : "c";
    nodes.begin_run(run, "a", tasks);
    REQUIRE(nodes.wait_effects(run, 5, soon));
    const stopwatch watch;
    nodes.kill9(victim);
    judge(nodes, run);
    watch.tell("the run of a killed node's cluster was over");
    nodes.start(victim);
    REQUIRE(nodes.are_joined(three, soon));
  }
}
