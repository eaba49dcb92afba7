#include "support/node/nodes.hpp"
#include "support/node/wandering.hpp"

namespace troupe::cluster {

using namespace test;

TEST_CASE("an agent that is started on another node is found by all",
          "[node][agents]") {
  const auto a = start_node("a");
  const auto b = start_open_node("b", {a->address()});
  REQUIRE(becomes([&] { return sees(*a, "b", "up"); }));
  const auto where = a->start_agent(spec_named("writer"), "b");
  REQUIRE(where.has_value());
  CHECK(*where == "b");
  REQUIRE(has_agent(*a, "writer"));
  const auto report = a->host().run(mission_for("writer"));
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
  CHECK(b->host().run(mission_for("writer"))->state
        == protocol::run_state::done);
  REQUIRE(a->stop_agent("writer").value() == "b");
  CHECK(becomes([&] { return places_of(*a, "writer").empty(); }));
  CHECK_FALSE(b->host().run(mission_for("writer")).has_value());
}

TEST_CASE("the same agent again is no error, another of its name is",
          "[node][agents]") {
  const auto a = start_node("a");
  const auto b = start_open_node("b", {a->address()});
  REQUIRE(becomes([&] { return sees(*a, "b", "up"); }));
  const auto spec = spec_named("writer");
  REQUIRE(a->start_agent(spec, "b").has_value());
  CHECK(a->start_agent(spec, "b").has_value());
  REQUIRE(becomes([&] { return places_of(*a, "writer").size() == 1; }));
  CHECK(a->start_agent(spec).value() == "b"); // it is there already
  auto other = spec;
  other.instructions += " Rhyme, where you can.";
  const auto refused = a->start_agent(other, "b");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == protocol::errc::invalid_request);
  CHECK(refused.error().detail.find("another agent 'writer'")
        != std::string::npos);
}

TEST_CASE("all that is wrong with an agent is told at once", "[node][agents]") {
  const auto a = start_node("a");
  auto spec = spec_named("writer");
  spec.card.skills.clear();
  spec.instructions = "short";
  spec.model = "no-such-model";
  const auto refused = a->start_agent(spec);
  REQUIRE_FALSE(refused.has_value());
  const auto& why = refused.error().detail;
  CHECK(why.find("no skills") != std::string::npos);
  CHECK(why.find("fewer than") != std::string::npos);
  CHECK(why.find("catalogue") != std::string::npos);
  CHECK(places_of(*a, "writer").empty());
  auto lacks_tool = spec_named("typist");
  lacks_tool.tools = {"typewriter"};
  CHECK_FALSE(a->start_agent(lacks_tool, "a").has_value());
  lacks_tool.tools.clear(); // what was refused has left nothing behind
  CHECK(a->start_agent(lacks_tool, "a").has_value());
}

TEST_CASE("a node takes agents from others only when its file says so",
          "[node][agents]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  REQUIRE(becomes([&] { return sees(*a, "b", "up"); }));
  const auto refused = a->start_agent(spec_named("writer"), "b");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().detail.find("agents_from_others") != std::string::npos);
  CHECK(b->start_agent(spec_named("writer"), "b").has_value()); // its own may
  REQUIRE(becomes([&] { return places_of(*a, "writer").size() == 1; }));
  CHECK_FALSE(a->stop_agent("writer", "b").has_value());
  CHECK(b->stop_agent("writer").has_value());
}

TEST_CASE("without a node's name an agent goes where least is done",
          "[node][agents]") {
  const auto a = start_node("a");
  const auto b = start_open_node("b", {a->address()});
  REQUIRE(becomes([&] { return sees(*a, "b", "up"); }));
  std::set<std::string> used;
  for (int i = 0; i < 4; ++i) {
    const auto name = "writer-" + std::to_string(i);
    const auto where = a->start_agent(spec_named(name));
    REQUIRE(where.has_value());
    used.insert(*where);
    REQUIRE(becomes([&] { return places_of(*a, name).size() == 1; }));
  }
  CHECK(used == std::set<std::string>{"a", "b"});
}

TEST_CASE("agents of a roster are neither stopped nor moved",
          "[node][agents]") {
  const auto a = start_node("a");
  const auto b = start_open_node("b", {a->address()});
  REQUIRE(a->host().add_agent(spec_named("own")).has_value());
  REQUIRE(becomes(
      [&] { return sees(*a, "b", "up") && places_of(*a, "own").size() == 1; }));
  CHECK_FALSE(a->stop_agent("own").has_value());
  CHECK_FALSE(a->move_agent("own", "b").has_value());
  CHECK_FALSE(a->stop_agent("nobody").has_value());
  CHECK_FALSE(a->start_agent(spec_named("writer"), "nowhere").has_value());
  CHECK(a->host().run(mission_for("own"))->state == protocol::run_state::done);
}

} // namespace troupe::cluster
