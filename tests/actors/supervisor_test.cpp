#include "support/actors/show_result.hpp"
#include "support/virtual_time.hpp"
#include "troupe/actors/supervisor.hpp"

#include <map>
#include <stdexcept>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

namespace {

using list = std::vector<std::string>;

struct diary {
  list lines;
  std::map<std::string, caf::actor> living; // the latest of each
};

enum class manner { obedient, slow, hanging };

/// A child that notes when it is told to stop and when it is gone.
caf::actor spawn_child(caf::actor_system& system, std::string id, manner how,
                       std::shared_ptr<diary> notes) {
  notes->lines.push_back("+" + id);
  auto child = system.spawn([=](caf::event_based_actor* self) -> caf::behavior {
    self->attach_functor([=] { notes->lines.push_back("-" + id); });
    if (how != manner::obedient)
      self->set_exit_handler([=](const caf::exit_msg&) {
        notes->lines.push_back("?" + id);
        if (how == manner::slow)
          self->delayed_send(self, 100ms, std::string{"now"});
      });
    return {[=](const std::string& what) {
      if (what == "throw")
        throw std::runtime_error{"boom"};
      self->quit();
    }};
  });
  notes->living[id] = child;
  return child;
}

struct nursery {
  child_spec child(const std::string& id, manner how = manner::obedient,
                   restart_type restart = restart_type::permanent) {
    return {id,
            [id, how, notes = notes](caf::actor_system& system) {
              return spawn_child(system, id, how, notes);
            },
            restart, 1'000ms};
  }

  void open(std::vector<child_spec> children,
            restart_strategy strategy = restart_strategy::one_for_one) {
    supervisor_config config;
    config.strategy = strategy;
    config.children = std::move(children);
    supervisor = world.keep(spawn_supervisor(world.system(), config));
    supervisor->attach_functor(
        [this](const caf::error& why) { end = from_caf(why); });
    world.run();
  }

  void tell(const std::string& id, const std::string& what) {
    world.tell(notes->living.at(id), what);
  }
  list take() { return std::exchange(notes->lines, {}); }
  ~nursery() { notes->living.clear(); }

  std::shared_ptr<diary> notes = std::make_shared<diary>();
  std::optional<protocol::error> end;
  supervisor_actor supervisor;
  test::virtual_time world;
};

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

TEST_CASE("a child that cannot be started counts until the limit",
          "[supervisor]") {
  nursery it;
  auto broken = it.child("broken");
  broken.start = [](caf::actor_system&) -> caf::actor {
    throw std::runtime_error{"no"};
  };
  it.open({it.child("a"), broken});
  CHECK(it.take() == list{"+a", "-a"});
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
