#include "receiver_watch.hpp"
#include "support/actors/clerk.hpp"
#include "support/actors/show_result.hpp"
#include "support/virtual_time.hpp"

#include <troupe/actors/system_config.hpp>

#include <atomic>
#include <future>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using test::clerk;

namespace {

using foreign_actor = caf::typed_actor<caf::replies_to<int>::with<int>,
                                       caf::reacts_to<test::job>>;
using promises = std::vector<caf::typed_response_promise<int>>;

/// What anybody may write in plain CAF: it keeps what it is asked, answers the
/// even numbers, and cares for nothing when it ends.
class foreign : public foreign_actor::base {
public:
  explicit foreign(caf::actor_config& cfg) : foreign_actor::base(cfg) {}

  behavior_type make_behavior() override {
    return {
        [this](int x) -> caf::result<int> {
          if (x % 2 == 0)
            return x;
          held.push_back(make_response_promise<int>());
          return held.back();
        },
        [](const test::job& it) { it.code(); },
    };
  }

  void on_exit() override {
    if (last_word)
      held.front().deliver(*last_word);
    held.clear(); // they hold this actor
  }

  promises held;
  std::optional<int> last_word; ///< What it answers the first with.
};

foreign& behind(const foreign_actor& handle) {
  return dynamic_cast<foreign&>(*caf::actor_cast<caf::abstract_actor*>(handle));
}

caf::actor_control_block* block_of(const foreign_actor& handle) {
  return caf::actor_cast<caf::abstract_actor*>(handle)->ctrl();
}

/// Clerks that ask foreign actors.
struct office {
  foreign_actor hire() { return world.keep(world.system().spawn<foreign>()); }

  test::clerk_actor hire_clerk() {
    return world.keep(test::spawn_clerk(world.system(), world.clock()));
  }

  /// Asks without a deadline: nothing but the receiver's end can help.
  void ask(const foreign_actor& whom, int what = 1) { ask(asker, whom, what); }

  void ask(const test::clerk_actor& by, const foreign_actor& whom, int what) {
    run(by, [=, this](clerk& me) {
      request_kept<int>(
          &me, me.table, whom,
          [this](protocol::result<int> outcome) {
            outcomes.push_back(std::move(outcome));
            if (auto next = std::exchange(when_ended, nullptr))
              next();
          },
          what);
    });
  }

  void run(const test::clerk_actor& by, std::function<void(clerk&)> code) {
    world.tell(by, test::job{[&by, code = std::move(code)] {
                 code(clerk::behind(by));
               }});
  }

  std::uint64_t count(message_count which) {
    return statistics_of(world.system()).count(which);
  }

  deadline_table& table() { return clerk::behind(asker).table; }

  test::virtual_time world;
  test::clerk_actor asker = hire_clerk();
  std::vector<protocol::result<int>> outcomes;
  std::function<void()> when_ended; ///< After the next outcome.
};

} // namespace

TEST_CASE("R3: a request fails at once when the actor that holds it ends",
          "[receiver_watch]") {
  office it;
  const auto who = it.hire();
  it.ask(who);
  it.ask(who);
  CHECK(it.outcomes.empty());
  const auto way = GENERATE(caf::exit_reason::kill, caf::exit_reason::normal,
                            caf::exit_reason::user_shutdown);
  it.world.tell(who, test::job{[&] {
                  behind(who).quit(way);
                }});
  REQUIRE(it.outcomes.size() == 2); // and no time has passed
  CHECK(it.outcomes[0].error()
        == protocol::fail(errc::unreachable, "the receiver has ended"));
  CHECK(it.outcomes[1].error().code == errc::unreachable);
  CHECK(it.count(message_count::unreachable) == 2);
  CHECK(it.count(message_count::late) == 0);
  CHECK(it.table().open() == 0);
  CHECK(it.table().watched() == 0);
}

TEST_CASE("R3: a receiver that nobody holds any more has ended",
          "[receiver_watch]") {
  office it;
  {
    const auto who = it.world.system().spawn<foreign>();
    it.ask(who);
    it.world.tell(who, test::job{[&] {
                    behind(who).held.clear();
                  }});
    CHECK(it.outcomes.empty());
  }
  it.world.run();
  REQUIRE(it.outcomes.size() == 1);
  CHECK(it.outcomes[0].error().code == errc::unreachable);
}

TEST_CASE("R3: what a receiver answers as it ends is its answer",
          "[receiver_watch]") {
  office it;
  const auto who = it.hire();
  it.ask(who, 1);
  it.ask(who, 3);
  behind(who).last_word = 7;
  it.world.end(who);
  REQUIRE(it.outcomes.size() == 2);
  CHECK(it.outcomes[0].value() == 7);
  CHECK(it.outcomes[1].error().code == errc::unreachable);
  CHECK(it.count(message_count::answered) == 1);
  CHECK(it.count(message_count::unreachable) == 1);
}

TEST_CASE("R1: an answer from beyond the end is late, and changes nothing",
          "[receiver_watch]") {
  office it;
  const auto who = it.hire();
  const auto kept = std::make_shared<promises>();
  // Attached before the watch is, so called after it.
  caf::actor_cast<caf::abstract_actor*>(who)->attach_functor([kept] {
    for (auto& each : *kept)
      each.deliver(9);
  });
  it.ask(who);
  it.world.tell(who, test::job{[&] {
                  kept->swap(behind(who).held);
                }});
  it.world.end(who);
  REQUIRE(it.outcomes.size() == 1);
  CHECK(it.outcomes[0].error().code == errc::unreachable);
  CHECK(it.count(message_count::late) == 1);
  CHECK(it.count(message_count::requests) == 1);
  CHECK(it.count(message_count::unreachable) == 1);
  CHECK(it.count(message_count::answered) == 0);
}

TEST_CASE("R3: who asks an actor that has ended is told once",
          "[receiver_watch]") {
  office it;
  const auto who = it.hire();
  it.world.end(who);
  for (int i = 0; i < 10; ++i)
    it.ask(who);
  CHECK(it.outcomes.size() == 10);
  CHECK(it.count(message_count::unreachable) == 10);
  CHECK(it.count(message_count::late) == 0);
  CHECK(it.table().watched() == 0);
}

TEST_CASE("a receiver's end leaves requests to others alone",
          "[receiver_watch]") {
  office it;
  const auto first = it.hire();
  const auto second = it.hire();
  it.ask(second);
  it.ask(first);
  it.ask(first);
  // Asked while the first's requests are given up, so in its place.
  const auto third = it.hire();
  it.when_ended = [&] {
    request_kept<int>(
        &clerk::behind(it.asker), it.table(), third,
        [&](protocol::result<int> outcome) {
          it.outcomes.push_back(std::move(outcome));
        },
        1);
  };
  it.world.end(first);
  CHECK(it.outcomes.size() == 2);
  CHECK(it.table().open() == 2);
  it.world.end(third);
  CHECK(it.outcomes.size() == 3);
  it.world.end(second);
  CHECK(it.outcomes.size() == 4);
  CHECK(it.count(message_count::unreachable) == 4);
}

TEST_CASE("a receiver is watched once, however much it is asked",
          "[receiver_watch]") {
  office it;
  const auto who = it.hire();
  it.ask(who, 0);
  const auto references = block_of(who)->weak_refs.load();
  for (int i = 0; i < 1'000; ++i)
    it.ask(who, 2 * i);
  CHECK(it.outcomes.size() == 1'001);
  CHECK(it.table().watched() == 1);
  CHECK(watchers_of(block_of(who)) == 1);
  CHECK(block_of(who)->weak_refs.load() == references);
}

TEST_CASE("askers that have ended leave nothing at a receiver",
          "[receiver_watch]") {
  office it;
  const auto who = it.hire();
  const auto references = block_of(who)->weak_refs.load();
  for (int round = 0; round < 3; ++round) {
    std::vector<test::clerk_actor> askers;
    for (int i = 0; i < 100; ++i) {
      askers.push_back(it.hire_clerk());
      it.ask(askers.back(), who, i); // half of them stay open
    }
    CHECK(watchers_of(block_of(who)) == 100);
    for (const auto& each : askers)
      it.world.end(each);
    CHECK(watchers_of(block_of(who)) == 0);
    CHECK(block_of(who)->weak_refs.load() == references);
  }
  CHECK(it.outcomes.size() == 150);
  CHECK(it.count(message_count::cancelled) == 150);
}

TEST_CASE("receivers that have ended are forgotten", "[receiver_watch]") {
  office it;
  for (int i = 0; i < 2'000; ++i) {
    const auto who = it.hire();
    it.ask(who, i);
    it.world.end(who);
    REQUIRE(it.table().watched() == 0);
    REQUIRE(block_of(who)->weak_refs.load() == 1);
  }
  CHECK(it.outcomes.size() == 2'000);
}

TEST_CASE("living receivers that nothing is asked of are forgotten in time",
          "[receiver_watch]") {
  office it;
  const auto busy = it.hire();
  it.ask(busy);
  std::vector<foreign_actor> others;
  for (std::size_t i = 0; i < 3 * receiver_watch::idle_max; ++i) {
    others.push_back(it.hire());
    it.ask(others.back(), 2);
    REQUIRE(it.table().watched() <= receiver_watch::idle_max);
  }
  CHECK(watchers_of(block_of(others.front())) == 0);
  CHECK(watchers_of(block_of(others.back())) == 1);
  it.world.end(busy); // one that is asked something is not
  CHECK(it.outcomes.back().error().code == errc::unreachable);
}

TEST_CASE("R3: over threads, whoever asks an actor that ends is told",
          "[receiver_watch]") {
  constexpr int askers = 4;
  constexpr int receivers = 300;
  std::atomic<int> unreachable{0};
  std::promise<void> done;
  const auto take = [&](const protocol::result<int>& outcome) {
    if (!outcome && outcome.error().code == errc::unreachable
        && ++unreachable == askers * receivers)
      done.set_value();
  };
  system_config config{4};
  caf::actor_system system{config};
  const auto clock = make_wall_clock(system);
  std::vector<test::clerk_actor> asking;
  for (int i = 0; i < askers; ++i)
    asking.push_back(test::spawn_clerk(system, clock));
  for (int i = 0; i < receivers; ++i) {
    const auto whom = system.spawn<foreign>();
    for (int k = 0; k < askers; ++k)
      caf::anon_send(asking[k], test::job{[&take, i, k, whom, by = asking[k]] {
                       auto& me = clerk::behind(by);
                       request_kept<int>(&me, me.table, whom, take, 1);
                       if (k == i % askers) // some ask before, some after
                         caf::anon_send_exit(whom, caf::exit_reason::kill);
                     }});
  }
  CHECK(done.get_future().wait_for(30s) == std::future_status::ready);
  for (const auto& by : asking)
    caf::anon_send_exit(by, caf::exit_reason::user_shutdown);
}
