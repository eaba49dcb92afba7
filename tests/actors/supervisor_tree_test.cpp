// Supervisors as actors: requests, limits, trees.
#include "support/actors/nursery.hpp"
#include "support/actors/show_result.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

namespace {

using list = std::vector<std::string>;
using test::manner;
using test::nursery;

template <class Answer, class Message>
protocol::result<Answer> ask(nursery& it, Message message) {
  return it.world.answer<Answer>(it.supervisor, std::move(message));
}

child_state state_of(nursery& it, std::size_t index) {
  const auto listed = ask<children_listed>(it, list_children{});
  REQUIRE(listed);
  return listed->children.at(index);
}

} // namespace

TEST_CASE("a child is terminated, started again and deleted on request",
          "[supervisor]") {
  nursery it;
  it.open({it.child("a"), it.child("b")});
  it.take();
  REQUIRE(ask<child_terminated>(it, terminate_child{"a"}));
  CHECK(it.take() == list{"-a"});
  CHECK_FALSE(state_of(it, 0).is_alive);
  REQUIRE(ask<child_started>(it, restart_child{"a"}));
  CHECK(it.take() == list{"+a"});
  CHECK(ask<child_started>(it, restart_child{"a"}).error().code
        == errc::invalid_request);
  CHECK(ask<child_deleted>(it, delete_child{"a"}).error().code
        == errc::invalid_request);
  REQUIRE(ask<child_terminated>(it, terminate_child{"a"}));
  REQUIRE(ask<child_deleted>(it, delete_child{"a"}));
  CHECK(ask<child_terminated>(it, terminate_child{"a"}).error().code
        == errc::invalid_request);
  CHECK(state_of(it, 0).id == "b");
}

TEST_CASE("a child that is not to be replaced is left alone", "[supervisor]") {
  nursery it;
  it.open({it.child("a")});
  it.take();
  const auto again = ask<child_started>(it, start_child{it.child("a"), false});
  CHECK(again.error().code == errc::invalid_request);
  CHECK(it.take().empty());
}

TEST_CASE("a child that cannot be added tells why, and is not kept",
          "[supervisor]") {
  nursery it;
  it.open(supervisor_config{});
  auto broken = it.child("broken");
  broken.start = [](caf::actor_system&) {
    return caf::actor{};
  };
  CHECK(ask<child_started>(it, start_child{broken}).error().code
        == errc::agent_failed);
  broken.start = {};
  CHECK(ask<child_started>(it, start_child{broken}).error().code
        == errc::agent_failed);
  broken = it.child("");
  CHECK(ask<child_started>(it, start_child{broken}).error().code
        == errc::invalid_request);
  broken = it.child("late");
  broken.shutdown = -1ms;
  CHECK(ask<child_started>(it, start_child{broken}).error().code
        == errc::invalid_request);
  REQUIRE(ask<children_listed>(it, list_children{})->children.empty());
  CHECK_FALSE(it.end.has_value());
}

TEST_CASE("a child that does not want to live is listed as not alive",
          "[supervisor]") {
  nursery it;
  auto lazy = it.child("lazy");
  lazy.start = [](caf::actor_system&) -> child_birth {
    return std::optional<caf::actor>{};
  };
  it.open({lazy, it.child("b")});
  CHECK(it.take() == list{"+b"});
  CHECK_FALSE(state_of(it, 0).is_alive);
}

TEST_CASE("settings that are wrong end a supervisor before it starts anybody",
          "[supervisor]") {
  nursery it;
  it.open({it.child("a"), it.child("a")});
  CHECK(it.take().empty());
  REQUIRE(it.end.has_value());
  CHECK(it.end->code == errc::invalid_request);
  CHECK(it.end->detail == "two children are called 'a'");
}

TEST_CASE("a child may be killed without being told", "[supervisor]") {
  nursery it;
  auto brutal = it.child("b", manner::slow);
  brutal.shutdown = brutal_kill;
  it.open({it.child("a"), brutal});
  it.take();
  it.world.end(it.supervisor);
  CHECK(it.take() == list{"-b", "-a"});
}

TEST_CASE("each life has a higher incarnation, also under the next supervisor",
          "[supervisor]") {
  nursery it;
  std::vector<std::uint64_t> told;
  auto counted = it.child("a");
  counted.start = [&told, code = counted.start](caf::actor_system& system,
                                                std::uint64_t incarnation) {
    told.push_back(incarnation);
    return code(system, incarnation);
  };
  it.open({counted});
  it.tell("a", "throw");
  it.tell("a", "quit");
  CHECK(state_of(it, 0).incarnation == told.back());
  it.world.end(it.supervisor);
  it.world.advance(1ms);
  it.open({counted});
  REQUIRE(told.size() == 4);
  CHECK(std::is_sorted(told.begin(), told.end()));
  CHECK(std::adjacent_find(told.begin(), told.end()) == told.end());
}

TEST_CASE("a supervisor has started when its children have", "[supervisor]") {
  nursery it;
  it.open({it.child("a"), nursery::nested("s", {it.child("b"), it.child("c")}),
           it.child("d")});
  CHECK(it.take() == list{"+a", "+b", "+c", "+d"});
  CHECK(state_of(it, 1).kind == child_kind::supervisor);
  it.world.end(it.supervisor);
  CHECK(it.take() == list{"-d", "-c", "-b", "-a"});
}

TEST_CASE("who asks for children early is answered when all have started",
          "[supervisor]") {
  nursery it;
  supervisor_config config;
  config.children = {nursery::nested("s", {it.child("a")}), it.child("b")};
  it.supervisor = it.world.keep(spawn_supervisor(it.world.system(), config));
  const auto asked =
      it.world.ask<children_listed>(it.supervisor, list_children{});
  it.world.run();
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->children.at(1).is_alive);
}

TEST_CASE("who asks early is told why the supervisor cannot start",
          "[supervisor]") {
  nursery it;
  supervisor_config config;
  auto broken = it.child("broken");
  broken.start = [](caf::actor_system&) -> child_birth {
    return protocol::fail(errc::key_file_open, "others may read it");
  };
  config.children = {nursery::nested("s", {it.child("a")}), broken};
  it.supervisor = it.world.keep(spawn_supervisor(it.world.system(), config));
  const auto asked =
      it.world.ask<children_listed>(it.supervisor, list_children{});
  it.world.run();
  REQUIRE(asked->outcome);
  CHECK(asked->outcome->error().code == errc::key_file_open);
}

TEST_CASE("a supervisor that cannot start its children is a start that fails",
          "[supervisor]") {
  nursery it;
  auto broken = it.child("broken");
  broken.start = [](caf::actor_system&) -> caf::actor {
    throw std::runtime_error{"no"};
  };
  it.open({it.child("a"), nursery::nested("s", {it.child("b"), broken}),
           it.child("d")});
  CHECK(it.take() == list{"+a", "+b", "-b", "-a"});
  REQUIRE(it.end.has_value());
  CHECK(it.end->detail.find("'s' could not be started for supervisor") == 0);
}

TEST_CASE("a supervisor that gives up is started again with its children",
          "[supervisor]") {
  nursery it;
  it.open(
      {nursery::nested("s", {it.child("b"), it.child("c")}), it.child("d")});
  it.take();
  for (int i = 0; i < 4; ++i)
    it.tell("b", "throw");
  CHECK(it.take()
        == list{"-b", "+b", "-b", "+b", "-b", "+b", "-b", "-c", "+b", "+c"});
  CHECK(state_of(it, 0).restarts == 1);
  CHECK_FALSE(it.end.has_value());
}

TEST_CASE("whoever lives at the deadline of a tree is killed", "[supervisor]") {
  nursery it;
  it.open(
      {it.child("a", manner::slow),
       nursery::nested("s", {it.child("b"), it.child("c", manner::hanging)})});
  it.take();
  it.world.tell(it.supervisor, stop_within{50ms});
  CHECK(it.take() == list{"?c"});
  it.world.advance(49ms);
  CHECK(it.take().empty());
  it.world.advance(1ms);
  CHECK(it.world.timers() < 3); // nobody is waited for any more
  const auto rest = it.take();
  CHECK(std::count_if(rest.begin(), rest.end(),
                      [](const auto& line) { return line.front() == '-'; })
        == 3);
  CHECK(it.end.has_value());
}

TEST_CASE("restarts are put off by the pauses of a supervisor",
          "[supervisor]") {
  nursery it;
  supervisor_config config;
  config.children = {it.child("a")};
  config.backoff = {1'000ms, 4'000ms};
  config.seed = 1;
  it.open(config);
  it.take();
  it.tell("a", "throw");
  CHECK(it.take() == list{"-a"});
  it.world.advance(1'000ms);
  CHECK(it.take() == list{"+a"});
}

TEST_CASE("a dynamic supervisor forgets who has ended, and stops all at once",
          "[supervisor]") {
  nursery it;
  it.open(std::vector<child_spec>{}, restart_strategy::dynamic);
  for (const auto* id : {"a", "b", "c"})
    REQUIRE(ask<child_started>(
        it, start_child{it.child(id, manner::slow, restart_type::transient)}));
  it.take();
  it.tell("a", "quit");
  CHECK(ask<children_listed>(it, list_children{})->children.size() == 2);
  it.take();
  it.world.end(it.supervisor);
  CHECK(it.take() == list{"?b", "?c"});
  it.world.advance(100ms);
  CHECK(it.end.has_value());
}

TEST_CASE("a significant child takes its supervisor with it", "[supervisor]") {
  nursery it;
  supervisor_config config;
  config.ends = auto_shutdown::any_significant;
  auto job = it.child("job", manner::obedient, restart_type::transient);
  job.is_significant = true;
  config.children = {it.child("help"), job};
  it.open(config);
  it.take();
  it.tell("job", "throw");
  CHECK(it.take() == list{"-job", "+job"});
  it.tell("job", "quit");
  CHECK(it.take() == list{"-job", "-help"});
  CHECK(it.end.has_value());
}

TEST_CASE("a request to a supervisor that ends is answered so",
          "[supervisor]") {
  nursery it;
  it.open({it.child("a", manner::slow)});
  const auto waits =
      it.world.ask<child_terminated>(it.supervisor, terminate_child{"a"});
  it.world.run();
  it.world.end(it.supervisor);
  REQUIRE(waits->outcome);
  CHECK(waits->outcome->error().code == errc::cancelled);
  const auto late =
      it.world.ask<child_started>(it.supervisor, start_child{it.child("b")});
  it.world.run();
  REQUIRE(late->outcome);
  CHECK(late->outcome->error().code == errc::cancelled);
}
