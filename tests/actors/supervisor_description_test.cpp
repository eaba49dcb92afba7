#include "support/actors/nursery.hpp"
#include "support/catch.hpp"

#include <stdexcept>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

namespace {

using list = std::vector<std::string>;
using test::nursery;

supervisor_described told_by(nursery& it) {
  auto told = it.world.answer<supervisor_described>(it.supervisor,
                                                    describe_supervisor{});
  REQUIRE(told.has_value());
  return std::move(*told);
}

/// Has children a, b and c, and notes what ends it before it stops them.
supervisor_config noting(nursery& it) {
  supervisor_config config;
  config.children = {it.child("a"), it.child("b"), it.child("c")};
  config.at_failure = [notes = it.notes](const protocol::error& why) {
    notes->lines.push_back("!" + why.detail);
  };
  return config;
}

} // namespace

TEST_CASE("a supervisor tells what it goes by and what it has",
          "[supervisor][describe_supervisor]") {
  nursery it;
  it.open({it.child("a"),
           it.child("b", test::manner::obedient, restart_type::transient)},
          restart_strategy::rest_for_one);
  it.tell("a", "throw");
  const auto told = told_by(it);
  CHECK(told.name == "supervisor");
  CHECK(told.how.strategy == restart_strategy::rest_for_one);
  CHECK(told.how.intensity == 3);
  CHECK(told.recent == 1);
  REQUIRE(told.children.size() == 2);
  CHECK(told.children[0].phase == child_phase::running);
  CHECK(told.children[0].last_end == "exception");
  CHECK(told.children[0].restarts == 1);
  CHECK(told.children[0].recent == 1);
  CHECK(told.children[1].restart == restart_type::transient);
  CHECK(told.children[1].last_end == "stopped");
  CHECK(told.children[1].restarts == 1);
  CHECK(told.children[1].recent == 0); // it was another's failure
  CHECK(told.children[1].handle == it.notes->living.at("b"));
}

TEST_CASE("failures leave the description with the period",
          "[supervisor][describe_supervisor]") {
  nursery it;
  it.open({it.child("a")});
  it.tell("a", "throw");
  it.world.advance(5s);
  CHECK(told_by(it).recent == 1);
  it.world.advance(1ms);
  CHECK(told_by(it).recent == 0);
  CHECK(told_by(it).children[0].recent == 0);
  CHECK(told_by(it).children[0].restarts == 1);
}

TEST_CASE("a child that ended for good is told as such",
          "[supervisor][describe_supervisor]") {
  nursery it;
  it.open({it.child("a", test::manner::obedient, restart_type::transient)});
  it.tell("a", "quit");
  const auto told = told_by(it);
  CHECK(told.children[0].phase == child_phase::idle);
  CHECK(told.children[0].last_end == "ended");
  CHECK_FALSE(told.children[0].handle);
}

TEST_CASE("before a supervisor that gives up stops anybody, it says why",
          "[supervisor]") {
  nursery it;
  auto config = noting(it);
  config.intensity = 0;
  it.open(config);
  it.take();
  it.tell("b", "throw");
  CHECK(it.take() == list{"-b", "!'b' ended too often", "-c", "-a"});
  CHECK(it.end.has_value());
}

TEST_CASE("a supervisor says which child it cannot be without",
          "[supervisor]") {
  nursery it;
  auto config = noting(it);
  config.ends = auto_shutdown::any_significant;
  config.children[1].restart = restart_type::temporary;
  config.children[1].is_significant = true;
  it.open(config);
  it.take();
  it.tell("b", "throw");
  CHECK(
      it.take()
      == list{"-b", "!'b' has ended and cannot be started again", "-c", "-a"});
  CHECK(it.end.has_value());
}

TEST_CASE("a supervisor that is told to stop has not failed", "[supervisor]") {
  nursery it;
  it.open(noting(it));
  it.take();
  it.world.end(it.supervisor);
  CHECK(it.take() == list{"-c", "-b", "-a"});
}
