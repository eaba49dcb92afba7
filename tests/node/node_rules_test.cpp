#include "member_table.hpp"
#include "peer_watch.hpp"
#include "placement_rules.hpp"
#include "support/catch.hpp"

#include <map>
#include <random>
#include <vector>

namespace troupe::cluster {

using namespace std::chrono_literals;

namespace {

using time_point = peer_watch::time_point;
constexpr time_point start{};

} // namespace

TEST_CASE("who answers is up, who is silent is suspected, then down",
          "[node][watch]") {
  peer_watch watch{{}, start};
  CHECK(watch.look(start + 1h) == peer_state::joining);
  watch.connected(start);
  CHECK(watch.look(start) == peer_state::joining); // it has not answered yet
  watch.answered(start);
  CHECK(watch.look(start) == peer_state::up);
  CHECK(watch.look(start + 1'499ms) == peer_state::up);
  CHECK(watch.look(start + 1'500ms) == peer_state::suspect);
  CHECK(watch.look(start + 2'999ms) == peer_state::suspect);
  CHECK(watch.look(start + 3'000ms) == peer_state::down);
  watch.answered(start + 4s);
  CHECK(watch.look(start + 4s) == peer_state::up);
}

TEST_CASE("a connection alone does not bring a node back: it has to answer",
          "[node][watch]") {
  peer_watch watch{{}, start};
  watch.connected(start);
  watch.answered(start);
  REQUIRE(watch.look(start) == peer_state::up);
  watch.lost(false, start + 100ms);
  CHECK(watch.look(start + 100ms) == peer_state::suspect);
  watch.connected(start + 3s);
  CHECK(watch.look(start + 3s) == peer_state::down);
  watch.answered(start + 3'100ms);
  CHECK(watch.look(start + 3'100ms) == peer_state::up);
}

TEST_CASE("where nobody listens any more, nobody is", "[node][watch]") {
  peer_watch watch{{}, start};
  watch.connected(start);
  watch.answered(start);
  REQUIRE(watch.look(start) == peer_state::up);
  watch.lost(true, start + 10ms);
  CHECK(watch.look(start + 10ms) == peer_state::down);
}

TEST_CASE("tries to connect spread out, up to a bound (C7)", "[node][watch]") {
  peer_watch watch{{}, start};
  std::mt19937_64 random{1};
  std::chrono::milliseconds most{0};
  for (int i = 0; i < 100; ++i) {
    const auto pause = watch.retry_pause(random());
    CHECK(pause >= 25ms);
    CHECK(pause <= 5'000ms);
    most = std::max(most, pause);
  }
  CHECK(most > 2'000ms);
  watch.connected(start);
  watch.lost(false, start + 10s); // it held: the next try comes soon
  CHECK(watch.retry_pause(random()) <= 50ms);
}

TEST_CASE("equal nodes get equal shares, whoever comes first",
          "[node][placement]") {
  for (const auto how :
       {placement::balanced, placement::local_first, placement::sticky})
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      std::mt19937_64 random{seed};
      std::vector<place_load> all(3);
      all[0].is_here = true;
      for (auto& it : all)
        it.capacity = 50;
      std::vector<int> given(3);
      for (int i = 0; i < 600; ++i) {
        for (std::size_t n = 0; n < 3; ++n)
          all[n].affinity = affinity_of(std::to_string(i), std::to_string(n));
        const auto chosen = choose_place(all, how);
        REQUIRE(chosen.has_value());
        ++all[*chosen].busy;
        ++given[*chosen];
      }
      CHECK(given[0] + given[1] + given[2] == 600);
      if (how == placement::balanced)
        for (const int it : given)
          CHECK(std::abs(it - 200) <= 1);
    }
}

TEST_CASE("whoever can do twice as much gets twice as much",
          "[node][placement]") {
  std::vector<place_load> all(2);
  all[0].capacity = 10;
  all[1].capacity = 20;
  for (int i = 0; i < 300; ++i)
    ++all[*choose_place(all, placement::balanced)].busy;
  CHECK(all[0].busy == 100);
  CHECK(all[1].busy == 200);
}

TEST_CASE("no task goes to a node that may not be used", "[node][placement]") {
  std::vector<place_load> all(2);
  all[0].is_usable = false;
  all[1].busy = 1'000;
  CHECK(choose_place(all, placement::balanced) == std::size_t{1});
  all[1].is_usable = false;
  CHECK_FALSE(choose_place(all, placement::balanced).has_value());
  CHECK_FALSE(choose_place({}, placement::balanced).has_value());
}

TEST_CASE("a key stays with its node when another one goes",
          "[node][placement]") {
  const std::vector<std::string> names{"a", "b", "c"};
  int moved = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto key = "run-" + std::to_string(i);
    std::vector<place_load> all(3);
    for (std::size_t n = 0; n < 3; ++n)
      all[n].affinity = affinity_of(key, names[n]);
    const auto before = *choose_place(all, placement::sticky);
    all[2].is_usable = false;
    const auto after = *choose_place(all, placement::sticky);
    if (before != 2)
      CHECK(after == before);
    else
      ++moved;
  }
  CHECK(moved > 200);
  CHECK(moved < 470);
}

TEST_CASE("a node that was removed comes back in another life only",
          "[node][members]") {
  member_table table{"a", 10};
  using verdict = member_table::verdict;
  CHECK(table.hear({"a", "x:1", 5}, false) == verdict::self);
  CHECK(table.hear({"b", "x:1", 5}, true) == verdict::added);
  CHECK(table.hear({"b", "x:1", 5}, true) == verdict::known);
  CHECK(table.hear({"b", "x:2", 5}, false) == verdict::known); // hearsay
  CHECK(table.hear({"b", "x:2", 5}, true) == verdict::moved);
  CHECK(table.remove("b"));
  CHECK_FALSE(table.remove("b"));
  CHECK(table.hear({"b", "x:2", 5}, true) == verdict::removed);
  CHECK(table.hear({"b", "x:2", 6}, true) == verdict::added);
  CHECK_FALSE(table.hear_removed({"b", {}, 5})); // of its life before
  CHECK(table.hear_removed({"b", {}, 6}));
}

TEST_CASE("a table of nodes is bounded", "[node][members]") {
  member_table table{"a", 3};
  for (int i = 0; i < 3; ++i)
    CHECK(table.hear({"n" + std::to_string(i), {}, 1}, false)
          == member_table::verdict::added);
  CHECK(table.hear({"more", {}, 1}, false) == member_table::verdict::full);
}

TEST_CASE("the agents of a node are there while it is up or suspected",
          "[node][members]") {
  member_table table{"a", 10};
  (void)table.hear({"b", {}, 1}, true);
  (void)table.hear({"c", {}, 1}, true);
  node_facts facts;
  facts.agents.push_back({.name = "writer"});
  CHECK(table.take_facts("b", facts));
  CHECK_FALSE(table.take_facts("b", facts)); // nothing is new
  CHECK(table.take_facts("c", facts));
  CHECK(table.agents().empty()); // they have not answered yet
  table.set_state("b", peer_state::up);
  table.set_state("c", peer_state::suspect);
  CHECK(table.agents().at("writer").nodes
        == std::vector<std::string>{"b", "c"});
  table.set_state("b", peer_state::down);
  CHECK(table.agents().at("writer").nodes == std::vector<std::string>{"c"});
}

} // namespace troupe::cluster
