#include "support/actors/clerk.hpp"
#include "support/actors/show_result.hpp"
#include "support/virtual_time.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using test::clerk;

namespace {

/// A clerk, one that answers it and one that does not.
struct desk {
  desk() {
    worker = world.keep(test::spawn_clerk(world.system(), world.clock()));
    inside = &clerk::behind(worker);
    table = &inside->table;
    echo = world.keep(world.system().spawn([]() -> caf::behavior {
      return {[](int x) {
        return x;
      }};
    }));
    silent = world.keep(world.system().spawn(
        [held = held](caf::event_based_actor* self) -> caf::behavior {
          return {[=](int) {
                    held->push_back(self->make_response_promise());
                    return held->back();
                  },
                  [](const test::job& it) {
                    it.code();
                  }};
        }));
    world.run();
  }

  void run(std::function<void(clerk*)> code) {
    world.tell(worker, test::job{[this, code] {
                 code(inside);
               }});
  }

  template <class T>
  void silent_says(T what) {
    world.tell(silent, test::job{[held = held, what] {
                 held->front().deliver(what);
               }});
  }

  void ask(const caf::actor& whom, protocol::duration patience, int what) {
    run([=, this](clerk* me) {
      request_until<int>(
          me, me->table, me->clock().now() + patience, whom,
          [this, what](protocol::result<int> outcome) {
            ended.push_back(what);
            outcomes.push_back(std::move(outcome));
          },
          what);
    });
  }

  std::vector<int> ended;
  std::vector<protocol::result<int>> outcomes;
  std::shared_ptr<std::vector<caf::response_promise>> held =
      std::make_shared<std::vector<caf::response_promise>>();
  test::virtual_time world;
  test::clerk_actor worker;
  clerk* inside = nullptr;
  deadline_table* table = nullptr;
  caf::actor echo, silent;
};

} // namespace

TEST_CASE("an answer frees its entry at once", "[deadline_table]") {
  desk it;
  constexpr int rounds = 100;
  constexpr int many = 1'000;
  int answered = 0;
  for (int round = 0; round < rounds; ++round) {
    it.run([&](clerk* me) {
      for (int i = 0; i < many; ++i)
        request_until<int>(
            me, me->table, me->clock().now() + 1h, it.echo,
            [&answered](const protocol::result<int>& outcome) {
              answered += outcome.has_value() ? 1 : 0;
            },
            i);
    });
    REQUIRE(it.table->open() == 0);
  }
  CHECK(answered == rounds * many);
  CHECK(it.table->open() == 0);
  CHECK(it.world.timers() <= 1);
}

TEST_CASE("a request that nobody answers is given up in time",
          "[deadline_table]") {
  desk it;
  it.ask(it.silent, 1'500ms, 1);
  it.world.advance(1'499ms);
  CHECK(it.ended.empty());
  it.world.advance(1ms);
  REQUIRE(it.outcomes.size() == 1);
  CHECK(it.outcomes[0].error().code == errc::deadline_exceeded);
  CHECK(it.table->open() == 0);
}

TEST_CASE("a late answer is dropped", "[deadline_table]") {
  desk it;
  it.ask(it.silent, 1s, 1);
  it.world.advance(1s);
  REQUIRE(it.ended.size() == 1);
  it.silent_says(5);
  CHECK(it.ended.size() == 1);
}

TEST_CASE("the earliest deadline comes first, whatever the order of asking",
          "[deadline_table]") {
  desk it;
  it.ask(it.silent, 3s, 3);
  it.ask(it.silent, 1s, 1);
  it.ask(it.silent, 2s, 2);
  it.world.advance(1s);
  CHECK(it.ended == std::vector<int>{1});
  it.world.advance(2s);
  CHECK(it.ended == std::vector<int>{1, 2, 3});
}

TEST_CASE("an actor has one tick under way, however much it waits for",
          "[deadline_table]") {
  desk it;
  for (int i = 0; i < 100; ++i)
    it.ask(it.silent, 10s, i);
  CHECK(it.world.timers() == 1);
  it.world.advance(5s);
  CHECK(it.world.timers() == 1);
  CHECK(it.inside->ticks <= 6);
  it.world.advance(5s);
  CHECK(it.ended.size() == 100);
  it.world.advance(2s);
  CHECK(it.world.timers() == 0);
}

TEST_CASE("an error and a receiver that is gone end a request too",
          "[deadline_table]") {
  desk it;
  it.ask(it.silent, 1s, 1);
  it.silent_says(to_caf(protocol::fail(errc::overloaded, "full")));
  it.world.end(it.silent);
  it.ask(it.silent, 1s, 2);
  REQUIRE(it.outcomes.size() == 2);
  CHECK(it.outcomes[0].error() == protocol::fail(errc::overloaded, "full"));
  CHECK(it.outcomes[1].error().code == errc::unreachable);
  CHECK(it.table->open() == 0);
}

TEST_CASE("giving up may add and remove entries", "[deadline_table]") {
  deadline_table table;
  const deadline_table::time_point now{std::chrono::hours{1}};
  std::vector<int> given_up;
  const auto second = table.add(now + 2s, [&] { given_up.push_back(2); });
  table.add(now + 1s, [&] {
    given_up.push_back(1);
    CHECK(table.remove(second));
    table.add(now, [&] { given_up.push_back(0); });
    table.add(now + 9s, [&] { given_up.push_back(9); });
  });
  table.give_up_until(now + 5s);
  CHECK(given_up == std::vector<int>{1, 0});
  CHECK(table.open() == 1);
  CHECK_FALSE(table.remove(second));
}
