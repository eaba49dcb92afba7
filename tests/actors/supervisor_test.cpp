#include "support/actors/nursery.hpp"
#include "support/actors/show_result.hpp"

#include <stdexcept>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

namespace {

using list = std::vector<std::string>;
using test::manner;
using test::nursery;

} // namespace

TEST_CASE("children start in order and are listed", "[supervisor]") {
  nursery it;
  it.open({it.child("a"), it.child("b"), it.child("c")});
  CHECK(it.take() == list{"+a", "+b", "+c"});
  const auto listed =
      it.world.answer<children_listed>(it.supervisor, list_children{});
  REQUIRE(listed);
  REQUIRE(listed->children.size() == 3);
  CHECK(listed->children[1].id == "b");
  CHECK(listed->children[1].is_alive);
  CHECK(listed->children[1].restarts == 0);
}

TEST_CASE("children stop in reverse order, each gone before the next",
          "[supervisor]") {
  nursery it;
  it.open({it.child("a"), it.child("b", manner::slow), it.child("c")});
  it.take();
  it.world.end(it.supervisor);
  CHECK(it.take() == list{"-c", "?b"});
  CHECK_FALSE(it.end.has_value());
  it.world.advance(100ms);
  CHECK(it.take() == list{"-b", "-a"});
  CHECK(it.end.has_value());
}

TEST_CASE("a child that does not stop is killed when its time is up",
          "[supervisor]") {
  nursery it;
  it.open({it.child("a"), it.child("b", manner::hanging)});
  it.take();
  it.world.end(it.supervisor);
  it.world.advance(999ms);
  CHECK(it.take() == list{"?b"});
  it.world.advance(1ms);
  CHECK(it.take() == list{"-b", "-a"});
  CHECK(it.end.has_value());
}

TEST_CASE("a child starts again after an exception, a kill and an end",
          "[supervisor]") {
  nursery it;
  it.open({it.child("a"), it.child("b")});
  it.take();
  it.tell("a", "throw");
  CHECK(it.take() == list{"-a", "+a"});
  it.world.end(it.notes->living.at("a"), caf::exit_reason::kill);
  CHECK(it.take() == list{"-a", "+a"});
  it.tell("a", "quit");
  CHECK(it.take() == list{"-a", "+a"});
  const auto listed =
      it.world.answer<children_listed>(it.supervisor, list_children{});
  REQUIRE(listed);
  CHECK(listed->children[0].restarts == 3);
  CHECK(listed->children[0].is_alive);
  CHECK(listed->children[1].restarts == 0);
}

TEST_CASE("transient and temporary children may end for good", "[supervisor]") {
  nursery it;
  it.open({it.child("a", manner::obedient, restart_type::transient),
           it.child("b", manner::obedient, restart_type::temporary)});
  it.take();
  it.tell("a", "throw");
  CHECK(it.take() == list{"-a", "+a"});
  it.tell("a", "quit");
  it.tell("b", "throw");
  CHECK(it.take() == list{"-a", "-b"});
}

TEST_CASE("one_for_all stops the rest in reverse and starts all in order",
          "[supervisor]") {
  nursery it;
  it.open({it.child("a"), it.child("b"), it.child("c", manner::slow)},
          restart_strategy::one_for_all);
  it.take();
  it.tell("b", "throw");
  CHECK(it.take() == list{"-b", "?c"});
  it.world.advance(100ms);
  CHECK(it.take() == list{"-c", "-a", "+a", "+b", "+c"});
}

TEST_CASE("rest_for_one leaves earlier children alone", "[supervisor]") {
  nursery it;
  it.open({it.child("a"), it.child("b"), it.child("c")},
          restart_strategy::rest_for_one);
  it.take();
  it.tell("b", "throw");
  CHECK(it.take() == list{"-b", "-c", "+b", "+c"});
}

TEST_CASE("siblings that die while the rest is stopped count as one restart",
          "[supervisor]") {
  nursery it;
  it.open({it.child("a"), it.child("b"), it.child("c", manner::slow)},
          restart_strategy::one_for_all);
  it.take();
  it.tell("b", "throw");
  it.tell("a", "throw"); // while c takes its time
  it.world.advance(100ms);
  CHECK(it.take() == list{"-b", "?c", "-a", "-c", "+a", "+b", "+c"});
  const auto listed =
      it.world.answer<children_listed>(it.supervisor, list_children{});
  REQUIRE(listed);
  CHECK(listed->children[2].restarts == 1);
}

TEST_CASE("too many restarts stop all children and end the supervisor",
          "[supervisor]") {
  nursery it;
  it.open({it.child("a"), it.child("b")});
  for (int i = 0; i < 3; ++i)
    it.tell("b", "throw");
  CHECK_FALSE(it.end.has_value());
  it.take();
  it.tell("b", "throw");
  CHECK(it.take() == list{"-b", "-a"});
  REQUIRE(it.end.has_value());
  CHECK(it.end->code == errc::restart_limit);
  CHECK(it.end->detail == "'b' ended too often for supervisor");
}

TEST_CASE("restarts that lie far apart are never too many", "[supervisor]") {
  nursery it;
  it.open({it.child("a")});
  for (int i = 0; i < 20; ++i) {
    it.tell("a", "throw");
    it.world.advance(2s);
  }
  CHECK_FALSE(it.end.has_value());
}

TEST_CASE("a first start that fails stops those before and tells the cause",
          "[supervisor]") {
  nursery it;
  auto broken = it.child("broken");
  broken.start = [](caf::actor_system&) -> caf::actor {
    throw std::runtime_error{"no"};
  };
  it.open({it.child("a"), broken, it.child("c")});
  CHECK(it.take() == list{"+a", "-a"});
  REQUIRE(it.end.has_value());
  CHECK(it.end->code == errc::internal);
  CHECK(it.end->detail == "'broken' could not be started for supervisor: no");
}

TEST_CASE("a child that cannot be started again counts until the limit",
          "[supervisor]") {
  nursery it;
  auto once = it.child("once");
  const auto starts = std::make_shared<int>(0);
  once.start = [starts,
                code = once.start](caf::actor_system& system,
                                   std::uint64_t incarnation) -> child_birth {
    if (++*starts > 1)
      return protocol::fail(errc::agent_failed, "once is enough");
    return code(system, incarnation);
  };
  it.open({it.child("a"), once});
  it.tell("once", "throw");
  CHECK(it.take() == list{"+a", "+once", "-once", "-a"});
  CHECK(*starts == 4);
  REQUIRE(it.end.has_value());
  CHECK(it.end->code == errc::restart_limit);
}

TEST_CASE("a child may be added, and replaced by one of its name",
          "[supervisor]") {
  nursery it;
  it.open({it.child("a")});
  it.take();
  REQUIRE(it.world.answer<child_started>(
      it.supervisor, start_child{it.child("b", manner::slow)}));
  CHECK(it.take() == list{"+b"});
  REQUIRE(it.world.answer<child_started>(it.supervisor,
                                         start_child{it.child("b")}));
  CHECK(it.take() == list{"?b"});
  it.world.advance(100ms);
  CHECK(it.take() == list{"-b", "+b"});
  it.world.end(it.supervisor);
  CHECK(it.take() == list{"-b", "-a"});
}

TEST_CASE("of several replacements of one child the last is started, once",
          "[supervisor]") {
  nursery it;
  it.open({it.child("a", manner::slow)});
  it.take();
  const auto replace_by = [&](const std::string& name) {
    auto spec = it.child(name);
    spec.id = "a";
    REQUIRE(it.world.answer<child_started>(it.supervisor, start_child{spec}));
  };
  for (const auto* name : {"b", "c", "d"})
    replace_by(name);
  CHECK(it.take() == list{"?a"});
  it.world.advance(100ms);
  CHECK(it.take() == list{"-a", "+d"});
  replace_by("e");
  CHECK(it.take() == list{"-d", "+e"});
}

TEST_CASE("a supervisor that is killed takes its children with it",
          "[supervisor]") {
  nursery it;
  it.open({it.child("a", manner::hanging)});
  it.take();
  it.world.end(it.supervisor, caf::exit_reason::kill);
  CHECK(it.take() == list{"-a"});
}
