#include "support/node/nodes.hpp"
#include "support/node/wandering.hpp"

#include <algorithm>
#include <future>

namespace troupe::cluster {

using namespace test;
using protocol::errc;

namespace {

/// Two nodes that take agents from each other, and know of counters.
struct two_homes {
  two_homes() {
    add_counters(*a, known);
    add_counters(*b, known);
    REQUIRE(
        becomes([&] { return sees(*a, "b", "up") && sees(*b, "a", "up"); }));
    REQUIRE(a->start_code_agent({.name = "counter"}, "counter", "a").value()
            == "a");
    REQUIRE(becomes([&] { return places_of(*b, "counter").size() == 1; }));
  }

  std::string count_at(node& it) {
    const auto report = it.host().run(mission_for("counter"));
    INFO((report ? "" : report.error().detail));
    REQUIRE(report.has_value());
    CHECK(report->state == protocol::run_state::done);
    return report->tasks[0].output;
  }

  counters known;
  std::unique_ptr<node> a = start_open_node("a");
  std::unique_ptr<node> b = start_open_node("b", {a->address()});
};

} // namespace

TEST_CASE("an agent goes on elsewhere with what it knows", "[node][moves]") {
  two_homes both;
  CHECK(both.count_at(*both.a) == "1");
  CHECK(both.count_at(*both.b) == "2");
  const auto before = both.known.incarnation.load();
  const auto from = both.b->move_agent("counter", "b");
  REQUIRE(from.has_value());
  CHECK(*from == "a");
  CHECK(becomes([&] {
    return places_of(*both.a, "counter") == std::vector<std::string>{"b"}
           && places_of(*both.b, "counter") == std::vector<std::string>{"b"};
  }));
  CHECK(both.count_at(*both.a) == "3");
  CHECK(both.count_at(*both.b) == "4");
  CHECK(both.known.incarnation > before);
  REQUIRE(both.a->move_agent("counter", "a").has_value());
  CHECK(both.count_at(*both.b) == "5");
  CHECK(both.known.lives == 3);
}

TEST_CASE("an agent of a model moves, too", "[node][moves]") {
  two_homes both;
  REQUIRE(both.a->start_agent(spec_named("writer"), "a").has_value());
  REQUIRE(both.a->move_agent("writer", "b").has_value());
  REQUIRE(becomes([&] {
    return places_of(*both.a, "writer") == std::vector<std::string>{"b"};
  }));
  const auto report = both.a->host().run(mission_for("writer"));
  REQUIRE(report.has_value());
  INFO((report->tasks[0].failure ? report->tasks[0].failure->detail : ""));
  CHECK(report->state == protocol::run_state::done);
}

TEST_CASE("no task is lost or done twice while an agent moves to and fro",
          "[node][moves]") {
  two_homes both;
  auto mission = mission_for("counter", 300);
  mission.concurrency = 8;
  for (auto& it : mission.tasks)
    it.attempts_max = 1;
  auto here = both.a->host().start(mission);
  auto there = both.b->host().start(mission);
  REQUIRE(here.has_value());
  REQUIRE(there.has_value());
  int moves = 0;
  while (!here->is_finished() || !there->is_finished()) {
    const auto to = moves % 2 == 0 ? "b" : "a";
    const auto moved = both.a->move_agent("counter", to);
    INFO((moved ? "" : moved.error().detail));
    CHECK(moved.has_value());
    REQUIRE(becomes([&] {
      return places_of(*both.a, "counter") == std::vector<std::string>{to};
    }));
    ++moves;
  }
  std::set<int> counts;
  for (auto* run : {&*here, &*there}) {
    const auto report = run->wait();
    CHECK(report.state == protocol::run_state::done);
    for (const auto& it : report.tasks) {
      INFO((it.failure ? it.failure->detail : ""));
      CHECK_FALSE(it.failure.has_value());
      counts.insert(std::atoi(it.output.c_str()));
    }
  }
  CHECK(both.known.done == 600);
  CHECK(counts.size() == 600);
  CHECK(*counts.rbegin() == 600);
  CHECK(moves > 0);
}

TEST_CASE("tasks that are under way end where they are", "[node][moves]") {
  two_homes both;
  both.known.waits = true;
  auto run = both.a->host().start(mission_for("counter"));
  REQUIRE(run.has_value());
  REQUIRE(becomes([&] { return both.known.incarnation != 0; }));
  auto move = std::async(std::launch::async,
                         [&] { return both.a->move_agent("counter", "b"); });
  auto later = both.b->host().start(mission_for("counter"));
  CHECK(move.wait_for(std::chrono::milliseconds{300})
        == std::future_status::timeout);
  both.known.waits = false;
  CHECK(move.get().has_value());
  CHECK(run->wait().tasks[0].output == "1");
  CHECK(later->wait().tasks[0].output == "2");
}

TEST_CASE("an agent whose tasks do not end stays", "[node][moves]") {
  two_homes both;
  both.known.waits = true;
  auto run = both.a->host().start(mission_for("counter"));
  REQUIRE(becomes([&] { return both.known.incarnation != 0; }));
  const auto moved = both.a->move_agent("counter", "b");
  REQUIRE_FALSE(moved.has_value());
  CHECK(moved.error().code == errc::deadline_exceeded);
  both.known.waits = false;
  CHECK(run->wait().tasks[0].output == "1");
  CHECK(both.count_at(*both.b) == "2");
  CHECK(both.known.lives == 1);
}

TEST_CASE("a move that fails leaves the agent where it was", "[node][moves]") {
  two_homes both;
  CHECK(both.count_at(*both.a) == "1");
  const auto check_stays = [&](const std::string& why) {
    const auto moved = both.a->move_agent("counter", "b");
    REQUIRE_FALSE(moved.has_value());
    CHECK(moved.error().detail.find(why) != std::string::npos);
    CHECK(becomes([&] {
      return places_of(*both.b, "counter") == std::vector<std::string>{"a"};
    }));
    const auto count = std::to_string(both.known.done + 1);
    CHECK(both.count_at(*both.b) == count);
  };
  both.known.fails_to_save = true;
  check_stays("cannot say what it knows");
  both.known.fails_to_save = false;
  both.known.refuses = true;
  check_stays("does not know that snapshot");
  both.known.refuses = false;
  both.known.bytes = snapshot_bytes_max;
  check_stays("more than 16 MiB");
  both.known.bytes = 0;
  CHECK(both.known.lives == 1);
  CHECK(both.a->move_agent("counter", "b").has_value());
}

TEST_CASE("a large snapshot goes in parts", "[node][moves]") {
  two_homes both;
  CHECK(both.count_at(*both.a) == "1");
  both.known.bytes = snapshot_bytes_max - 1;
  REQUIRE(both.a->move_agent("counter", "b").has_value());
  CHECK(both.count_at(*both.a) == "2");
  CHECK(view_of(*both.a, "b").state == "up");
}

TEST_CASE("a node that takes no agents from others takes none that move",
          "[node][moves]") {
  two_homes both;
  const auto c = start_node("c", {both.a->address()});
  add_counters(*c, both.known);
  REQUIRE(becomes([&] { return sees(*both.a, "c", "up"); }));
  const auto moved = both.a->move_agent("counter", "c");
  REQUIRE_FALSE(moved.has_value());
  CHECK(moved.error().detail.find("agents_from_others") != std::string::npos);
  CHECK(both.count_at(*both.b) == "1");
  CHECK_FALSE(both.a->move_agent("counter", "nowhere").has_value());
  CHECK_FALSE(both.a->move_agent("nobody", "b").has_value());
  CHECK(both.a->move_agent("counter", "a").value() == "a"); // it is there
}

} // namespace troupe::cluster
