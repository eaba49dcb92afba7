#include "support/node/spoken_node.hpp"
#include "support/node/wandering.hpp"

#include <future>

namespace troupe::cluster {

using namespace test;
using protocol::errc;

namespace {

using moved = protocol::result<std::string>;

/// A node with a counter that has counted one task, and moves to a node that
/// the test speaks for.
struct leaving {
  leaving() {
    add_counters(*it, known);
    REQUIRE(
        it->start_code_agent({.name = "counter"}, "counter", "a").has_value());
    CHECK(count() == "1");
  }

  std::string count() {
    const auto report = it->host().run(mission_for("counter"));
    REQUIRE(report.has_value());
    return report->tasks[0].output;
  }

  std::future<moved> move() {
    return std::async(std::launch::async,
                      [this] { return it->move_agent("counter", "far"); });
  }

  counters known;
  std::unique_ptr<node> it = start_open_node("a");
};

/// Agrees to so many words, the first of which is `take_agent`.
agent_question agree(spoken_node& far, int words) {
  for (;;) {
    auto asked = far.next_question();
    REQUIRE(asked.has_value());
    if (words-- == 0)
      return std::move(*asked);
    far.tell(*asked, agent_done{});
  }
}

} // namespace

TEST_CASE("a node that is lost in the middle of a move leaves the agent here",
          "[node][moves]") {
  // The offer, a part, the last word.
  for (int words = 0; words < 3; ++words) {
    leaving from;
    spoken_node far{*from.it, "far"};
    auto done = from.move();
    (void)agree(far, words);
    far.leave();
    const auto outcome = done.get();
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == errc::unreachable);
    CHECK(from.count() == "2");
    CHECK(from.known.lives == 1);
  }
}

TEST_CASE("a node that refuses in the middle of a move leaves the agent here",
          "[node][moves]") {
  for (int words = 0; words < 3; ++words) {
    leaving from;
    spoken_node far{*from.it, "far"};
    auto done = from.move();
    const auto last = agree(far, words);
    far.tell(last, agent_not_done{protocol::fail(errc::limit_exceeded, "no")});
    const auto outcome = done.get();
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == errc::limit_exceeded);
    CHECK(from.count() == "2");
  }
}

TEST_CASE("who does not hear the last answer asks whether it is served there",
          "[node][moves]") {
  for (const bool is_served : {true, false}) {
    leaving from;
    std::optional<spoken_node> far{std::in_place, *from.it, "far"};
    auto done = from.move();
    const auto last = agree(*far, 2);
    CHECK(std::holds_alternative<serve_taken>(last.what));
    far->leave();
    far.reset();
    far.emplace(*from.it, "far", 2);
    const auto asked = far->next_question();
    REQUIRE(asked.has_value());
    CHECK(std::holds_alternative<ask_taken>(asked->what));
    far->tell(*asked, taken_told{is_served});
    CHECK(done.get().has_value() == is_served);
    if (!is_served)
      CHECK(from.count() == "2");
    else
      CHECK(becomes([&] { return places_of(*from.it, "counter").empty(); }));
  }
}

TEST_CASE("an agent that went on in two places ends where its life is older",
          "[node][moves]") {
  leaving from;
  std::optional<spoken_node> far{std::in_place, *from.it, "far"};
  auto done = from.move();
  (void)agree(*far, 2);
  far->leave();
  const auto outcome = done.get();
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().detail.find("comes back") != std::string::npos);
  CHECK(from.count() == "2");
  far.reset();
  far.emplace(*from.it, "far", 2);
  const auto asked = far->next_question();
  REQUIRE(asked.has_value());
  far->tell(*asked, taken_told{true});
  CHECK(becomes([&] { return places_of(*from.it, "counter").empty(); }));
}

TEST_CASE("a node of an earlier release is refused clearly", "[node][moves]") {
  leaving from;
  spoken_node far{*from.it, "far", 1, 1};
  for (const auto& outcome :
       {from.it->move_agent("counter", "far"),
        from.it->start_agent(spec_named("writer"), "far")}) {
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().detail.find("upgrade it") != std::string::npos);
  }
  CHECK(from.it->start_agent(spec_named("writer")).value() == "a");
  CHECK(from.count() == "2");
}

TEST_CASE("an answer of another node than was asked counts for nothing",
          "[node][moves][hostile]") {
  leaving from;
  spoken_node far{*from.it, "far"};
  spoken_node other{*from.it, "other"};
  auto done = from.move();
  const auto asked = agree(far, 0);
  other.tell(asked, agent_not_done{protocol::fail(errc::internal, "a lie")});
  for (int i = 0; i < 50; ++i) // answers that nobody has asked for
    other.tell({{7, 7}, {}}, agent_done{});
  REQUIRE(other.ask(ask_taken{{1, 1}}).has_value()); // they have been read
  far.tell(asked, agent_not_done{protocol::fail(errc::overloaded, "busy")});
  CHECK(done.get().error().code == errc::overloaded);
}

TEST_CASE("snapshots that are not what was told are dropped",
          "[node][moves][hostile]") {
  counters known;
  const auto it = start_open_node("a");
  add_counters(*it, known);
  spoken_node far{*it, "far"};
  spoken_node other{*it, "other"};
  const auto is_done = [](const std::optional<agent_told>& told) {
    REQUIRE(told.has_value());
    return std::holds_alternative<agent_done>(*told);
  };
  take_agent offer;
  offer.what.spec.card.name = "counter";
  offer.what.kind = "counter";
  offer.has_snapshot = true;
  std::uint64_t moves = 0;
  const auto begin = [&](std::uint64_t bytes) {
    offer.move = {9, ++moves};
    offer.bytes = bytes;
    return is_done(far.ask(offer));
  };
  CHECK_FALSE(begin(snapshot_bytes_max + 1));
  CHECK_FALSE(begin(UINT64_MAX));
  for (const auto& [offset, text] : {std::pair{std::uint64_t{0}, "MTIzNA=="},
                                     {std::uint64_t{1}, "MQ=="},
                                     {UINT64_MAX, "MQ=="},
                                     {std::uint64_t{0}, "?"},
                                     {std::uint64_t{0}, ""}}) {
    REQUIRE(begin(2));
    CHECK_FALSE(is_done(far.ask(take_part{offer.move, offset, text})));
    CHECK_FALSE(is_done(far.ask(take_part{offer.move, 0, "MTI="})));
    CHECK_FALSE(is_done(far.ask(serve_taken{offer.move})));
  }
  REQUIRE(begin(2));
  CHECK_FALSE(is_done(other.ask(take_part{offer.move, 0, "MTI="})));
  CHECK_FALSE(is_done(other.ask(drop_taken{offer.move})));
  CHECK_FALSE(is_done(far.ask(serve_taken{offer.move}))); // not whole
  REQUIRE(is_done(far.ask(take_part{offer.move, 0, "MTI="})));
  CHECK_FALSE(is_done(other.ask(serve_taken{offer.move})));
  CHECK(known.lives == 1);
  REQUIRE(is_done(far.ask(serve_taken{offer.move})));
  CHECK(it->host().run(mission_for("counter"))->tasks[0].output == "13");
}

TEST_CASE("words that are no agent's are refused, and nothing is kept",
          "[node][agents][hostile]") {
  const auto it = start_open_node("a");
  spoken_node far{*it, "far"};
  agent_order bad;
  bad.spec.card.name = "no name\n";
  bad.spec.instructions = std::string(300'000, 'x');
  agent_order no_kind = {spec_named("other"), "no such kind"};
  for (const auto& what : {bad, no_kind}) {
    const auto answer = far.ask(start_here{what});
    REQUIRE(answer.has_value());
    CHECK(std::holds_alternative<agent_not_done>(*answer));
  }
  for (int i = 0; i < 8; ++i) { // begun, and never ended
    take_agent offer;
    offer.move = {5, static_cast<std::uint64_t>(i)};
    offer.what = {spec_named("a" + std::to_string(i)), {}};
    offer.bytes = 100;
    offer.has_snapshot = true;
    REQUIRE(far.ask(offer).has_value());
  }
  CHECK(it->host().agents().empty());
  CHECK(it->start_agent(spec_named("writer")).has_value());
}

} // namespace troupe::cluster
