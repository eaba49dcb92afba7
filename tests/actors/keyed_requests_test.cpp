#include "support/actors/counter.hpp"
#include "support/actors/show_result.hpp"
#include "support/virtual_time.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using test::counted;

namespace {

using perform = protocol::request<protocol::perform_task>;
using performed = protocol::response<protocol::task_result>;

perform keyed(const std::string& task, const std::string& key,
              const std::string& from = "tester") {
  perform ask;
  ask.head.from = from;
  ask.head.idempotency_key = key;
  ask.body.task = task;
  return ask;
}

struct bench {
  bench() {
    who = world.keep(caf::actor_cast<test::counter_actor>(
        world.system().spawn<test::counter>(world.clock(), mailbox_limits{},
                                            log)));
    world.run();
  }

  test::virtual_time world;
  std::shared_ptr<counted> log = std::make_shared<counted>();
  test::counter_actor who;
};

} // namespace

TEST_CASE("R8: a repeated request gets the same answer and has one effect",
          "[keyed_requests]") {
  bench it;
  const auto first = it.world.answer<performed>(it.who, keyed("a", "k"));
  REQUIRE(first.has_value());
  for (int i = 0; i < 10; ++i) {
    it.world.advance(1h);
    const auto again = it.world.answer<performed>(it.who, keyed("a", "k"));
    REQUIRE(again.has_value());
    CHECK(*again == *first);
  }
  CHECK(it.log->handled.size() == 1);
  CHECK(statistics_of(it.world.system()).count(message_count::repeated) == 10);
}

TEST_CASE("R8: the same key with another body is refused", "[keyed_requests]") {
  bench it;
  REQUIRE(it.world.answer<performed>(it.who, keyed("a", "k")));
  const auto other = it.world.answer<performed>(it.who, keyed("b", "k"));
  REQUIRE(other.has_error());
  CHECK(other.error().code == errc::key_conflict);
  CHECK(it.log->handled.size() == 1);
  CHECK(statistics_of(it.world.system()).count(message_count::conflicting)
        == 1);
}

TEST_CASE("R8: a key that two senders use is two keys", "[keyed_requests]") {
  bench it;
  const auto ann = it.world.answer<performed>(it.who, keyed("a", "k", "ann"));
  const auto bob = it.world.answer<performed>(it.who, keyed("b", "k", "bob"));
  REQUIRE(ann.has_value());
  REQUIRE(bob.has_value());
  CHECK(ann->body.output == "did a");
  CHECK(bob->body.output == "did b");
  CHECK(it.world.answer<performed>(it.who, keyed("a", "k", "bob")).error().code
        == errc::key_conflict);
  CHECK(it.log->handled == std::vector<std::string>{"a", "b"});
}

TEST_CASE("R8: nobody waits for the answer to another sender's key",
          "[keyed_requests]") {
  bench it;
  it.log->holds = true;
  auto ann = it.world.ask<performed>(it.who, keyed("a", "k", "ann"));
  it.log->holds = false;
  auto bob = it.world.ask<performed>(it.who, keyed("a", "k", "bob"));
  CHECK(ann->is_open());
  CHECK_FALSE(bob->is_open());
  it.log->held.clear();
}

TEST_CASE("R8: names and keys that run together alike are told apart",
          "[keyed_requests]") {
  bench it;
  const std::vector<std::pair<std::string, std::string>> alike{
      {"ab", "c"}, {"a", "bc"}, {"", "abc"}, {"2:ab", "c"}, {"@1 ", "abc"}};
  for (const auto& [from, key] : alike)
    REQUIRE(it.world.answer<performed>(it.who, keyed("a", key, from)));
  CHECK(it.log->handled.size() == alike.size());
}

TEST_CASE("R8: a sender without a name is known by its address",
          "[keyed_requests]") {
  bench it;
  auto outputs = std::make_shared<std::vector<std::string>>();
  const auto ask_twice = [&](const std::string& task) {
    it.world.keep(it.world.system().spawn(
        [=, to = it.who](caf::event_based_actor* self) -> caf::behavior {
          for (int i = 0; i < 2; ++i)
            self->request(to, caf::infinite, keyed(task, "k", ""))
                .then([=](const performed& what) {
                  outputs->push_back(what.body.output);
                });
          return {[](int) {
          }};
        }));
    it.world.run();
  };
  ask_twice("a");
  ask_twice("b");
  CHECK(*outputs
        == std::vector<std::string>{"did a", "did a", "did b", "did b"});
  CHECK(it.log->handled == std::vector<std::string>{"a", "b"});
}

TEST_CASE("R8: repetitions of an open request all get its one answer",
          "[keyed_requests]") {
  bench it;
  it.log->holds = true;
  std::vector<std::shared_ptr<test::asked<performed>>> askers;
  for (int i = 0; i < 5; ++i)
    askers.push_back(it.world.ask<performed>(it.who, keyed("a", "k")));
  REQUIRE(it.log->held.size() == 1);
  for (const auto& each : askers)
    CHECK_FALSE(each->outcome);
  it.world.tell(it.who, protocol::notification<protocol::model_delta>{
                            {}, {"answer once"}});
  for (const auto& each : askers) {
    REQUIRE(each->outcome);
    REQUIRE(each->outcome->has_value());
    CHECK((*each->outcome)->body.output == "once");
    CHECK(each->answers == 1);
  }
}

TEST_CASE("an error that may be tried again does not spend its key",
          "[keyed_requests]") {
  bench it;
  it.log->fails = true;
  it.log->failure = {errc::provider_unavailable, "down"};
  CHECK(it.world.answer<performed>(it.who, keyed("a", "k")).error().code
        == errc::provider_unavailable);
  it.log->fails = false;
  CHECK(it.world.answer<performed>(it.who, keyed("a", "k")));
  CHECK(it.log->handled.size() == 2);
}

TEST_CASE("an error that is final is the answer of its key",
          "[keyed_requests]") {
  bench it;
  it.log->fails = true;
  it.log->failure = {errc::content_refused, "no"};
  CHECK(it.world.answer<performed>(it.who, keyed("a", "k")).error().code
        == errc::content_refused);
  it.log->fails = false;
  CHECK(it.world.answer<performed>(it.who, keyed("a", "k")).error().code
        == errc::content_refused);
  CHECK(it.log->handled.size() == 1);
}

TEST_CASE(
    "R3: whoever waits for a keyed request learns that its receiver ended",
    "[keyed_requests]") {
  bench it;
  it.log->holds = true;
  auto first = it.world.ask<performed>(it.who, keyed("a", "k"));
  auto second = it.world.ask<performed>(it.who, keyed("a", "k"));
  it.world.end(it.who, caf::exit_reason::kill);
  it.log->held.clear();
  for (const auto& each : {first, second}) {
    REQUIRE(each->outcome);
    REQUIRE(each->outcome->has_error());
    CHECK(each->outcome->error().code == errc::unreachable);
    CHECK(each->answers == 1);
  }
}

TEST_CASE("R8: an answer reaches who waits, though its sender ends behind it",
          "[keyed_requests]") {
  bench it;
  it.log->holds = true;
  auto first = it.world.ask<performed>(it.who, keyed("a", "k"));
  auto second = it.world.ask<performed>(it.who, keyed("a", "k"));
  it.log->holds = false;
  it.log->quits = true;
  auto last = it.world.ask<performed>(it.who, keyed("b", "l"));
  REQUIRE(last->outcome);
  REQUIRE(last->outcome->has_value());
  CHECK((*last->outcome)->body.output == "did b");
  for (const auto& each : {first, second, last})
    CHECK(each->answers == 1);
  CHECK(first->code() == errc::unreachable);
  it.log->held.clear(); // it refers to the actor, which holds it
}

TEST_CASE("the handler of a keyed request sees who really asks",
          "[keyed_requests]") {
  bench it;
  // Confirmations go to the current sender, and would go astray otherwise.
  auto confirmed = std::make_shared<int>(0);
  it.world.keep(it.world.system().spawn(
      [to = it.who, confirmed](caf::event_based_actor* self) -> caf::behavior {
        auto ask = keyed("a", "k");
        ask.head.confirm = true;
        self->request(to, caf::infinite, ask).then([](const performed&) {});
        return {[=](const protocol::coordination<protocol::delivered>&) {
          ++*confirmed;
        }};
      }));
  it.world.run();
  CHECK(*confirmed == 1);
}
