#include "support/node/spoken_node.hpp"
#include "support/node/wandering.hpp"

#include <future>
#include <stdexcept>

namespace troupe::cluster {

using namespace test;
using protocol::errc;

TEST_CASE("what the code of an agent throws is an error", "[node][agents]") {
  const auto it = start_open_node("a");
  REQUIRE(it->add_kind("thrower",
                       [](const protocol::agent_card&,
                          const std::optional<std::string>&)
                           -> protocol::result<made_agent> {
                         throw std::runtime_error{std::string(1'000, 'x')};
                       })
              .has_value());
  const auto refused = it->start_code_agent({.name = "bad"}, "thrower", "a");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::agent_failed);
  CHECK(refused.error().detail.size() == 300);
  CHECK(places_of(*it, "bad").empty());
}

TEST_CASE("offers of agents that cannot be are refused at once",
          "[node][moves][hostile]") {
  counters known;
  const auto it = start_open_node("a");
  add_counters(*it, known);
  spoken_node far{*it, "far"};
  take_agent good;
  good.what.spec.card.name = "counter";
  good.what.kind = "counter";
  std::vector<take_agent> bad(3, good);
  bad[0].what.spec.card.name = "no name\n";
  bad[1].what.kind = "no such kind";
  bad[2].incarnation = UINT64_MAX;
  std::uint64_t moves = 0;
  for (auto& offer : bad) {
    offer.move = {9, ++moves};
    const auto told = far.ask(offer);
    REQUIRE(told.has_value());
    CHECK(std::holds_alternative<agent_not_done>(*told));
  }
  good.move = {9, ++moves};
  const auto told = far.ask(good);
  REQUIRE(told.has_value());
  CHECK(std::holds_alternative<agent_done>(*told));
}

TEST_CASE("an agent that may be elsewhere is not moved again",
          "[node][moves]") {
  counters known;
  const auto it = start_open_node("a");
  add_counters(*it, known);
  REQUIRE(
      it->start_code_agent({.name = "counter"}, "counter", "a").has_value());
  spoken_node far{*it, "far"};
  auto done = std::async(std::launch::async,
                         [&] { return it->move_agent("counter", "far"); });
  for (int word = 0; word < 3; ++word) { // the last is not answered
    const auto asked = far.next_question();
    REQUIRE(asked.has_value());
    if (word != 2)
      far.tell(*asked, agent_done{});
  }
  far.leave();
  CHECK_FALSE(done.get().has_value());
  const auto again = it->move_agent("counter", "other");
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().detail.find("not known yet") != std::string::npos);
  CHECK(it->stop_agent("counter", "a").has_value());
}

} // namespace troupe::cluster
