// Whose turn it is among the runs of a tenant that shares a provider.
#include "fair_line.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::actors;
using protocol::priority;
using protocol::test::random_source;

namespace {

/// Calls of runs of one tenant; returns whose turn it was, call by call.
struct run_desk {
  void add(std::string_view run, priority urgency = priority::medium,
           std::int64_t deadline_s = 0) {
    it.add({"tenant",
            urgency,
            ++arrivals,
            {100, 10},
            run,
            protocol::instant{std::chrono::seconds{deadline_s}}});
  }
  std::string take() {
    const auto first = it.first();
    const std::string run{first.run};
    it.charge({"tenant", first.urgency, first.arrival, first.cost});
    it.remove({"tenant", first.urgency, first.arrival, first.cost});
    return run;
  }
  std::string take_all() {
    std::string all;
    while (!it.empty())
      all += take();
    return all;
  }

  fair_line it{fair_shares{{}, 0, 10'000}};
  std::uint64_t arrivals = 0;
};

} // namespace

TEST_CASE("Q5: a run with many calls does not keep one with few from its turn",
          "[fair_line]") {
  run_desk it;
  for (int i = 0; i < 6; ++i)
    it.add("a");
  it.add("b");
  it.add("b");
  it.add("c");
  CHECK(it.take_all() == "abcabaaaa");
}

TEST_CASE("a run that has one call at a time gets every second turn",
          "[fair_line]") {
  run_desk it;
  for (int i = 0; i < 6; ++i)
    it.add("a");
  std::string turns;
  for (int i = 0; i < 3; ++i) {
    it.add("b");
    turns += it.take();
    turns += it.take();
  }
  CHECK(turns == "ababab");
  CHECK(it.take_all() == "aaa");
}

TEST_CASE("a call that comes back to its line has the turn that it had",
          "[fair_line]") {
  fair_line line{fair_shares{{}, 0, 10'000}};
  line_entry first{"tenant", priority::medium, 1, {100, 10}, "a"};
  first.round = line.add(first);
  for (std::uint64_t i = 2; i < 5; ++i)
    line.add({"tenant", priority::medium, i, {100, 10}, "a"});
  line.add({"tenant", priority::medium, 5, {100, 10}, "b"});
  line.remove(first);
  CHECK(line.goes_first(first));
  CHECK(line.add(first) == first.round);
  CHECK(line.first().arrival == 1);
}

TEST_CASE("of runs whose turn it is alike the nearest deadline goes first",
          "[fair_line]") {
  run_desk it;
  it.add("a", priority::medium, 60);
  it.add("a", priority::medium, 5); // not before its elder of the same run
  it.add("b", priority::medium, 10);
  it.add("c", priority::medium, 30);
  CHECK(it.take_all() == "bcaa");
}

TEST_CASE("what is urgent does not wait for the turns of runs", "[fair_line]") {
  run_desk it;
  it.add("a");
  it.add("b");
  it.add("a", priority::high);
  it.add("a", priority::high);
  CHECK(it.take_all() == "aaab");
}

TEST_CASE("a call knows how much goes before it among runs that take turns",
          "[fair_line]") {
  run_desk it;
  for (int i = 0; i < 100; ++i)
    it.add("a");
  const line_entry of_b{"tenant", priority::medium, 1'000, {100, 10}, "b"};
  CHECK(it.it.ahead_of(of_b).calls == 1);
  CHECK(it.it.ahead_of(of_b).cost.input == 100);
  const line_entry of_a{"tenant", priority::medium, 1'000, {100, 10}, "a"};
  CHECK(it.it.ahead_of(of_a).calls == 100);
}

TEST_CASE("runs of a tenant get as many calls while both wait, whatever comes "
          "and goes",
          "[fair_line]") {
  const auto seed = GENERATE(range<std::uint64_t>(1, 20));
  CAPTURE(seed);
  random_source random{seed};
  run_desk it;
  std::map<std::string, int> waiting;
  std::map<std::string, int> got;
  const std::vector<std::string> runs{"a", "b", "c"};
  for (const auto& run : runs)
    for (int i = 0; i < 50; ++i, ++waiting[run])
      it.add(run);
  for (int step = 0; step < 600; ++step) {
    const auto& run = runs[random.below(runs.size())];
    if (random.below(2) == 0 && waiting[run] < 60) {
      it.add(run);
      ++waiting[run];
    } else {
      const auto taken = it.take();
      --waiting[taken];
      ++got[taken];
    }
    if (std::any_of(waiting.begin(), waiting.end(),
                    [](const auto& one) { return one.second == 0; }))
      break; // who had nothing to send has no claim
    REQUIRE(std::abs(got["a"] - got["b"]) <= 1);
    REQUIRE(std::abs(got["b"] - got["c"]) <= 1);
  }
  CHECK(got["a"] > 40);
}
