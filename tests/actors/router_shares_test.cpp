// How tenants share a provider, and calls that cannot be in time.
#include "support/actors/router_world.hpp"
#include "support/actors/show_result.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::priority;
using test::answering;
using test::router_world;

namespace {

using asked_call = std::shared_ptr<test::asked<router_world::reply>>;

const test::call_outcome hello{test::reply_of("hello", 10, 5)};

struct shared_world : router_world {
  explicit shared_world(const rate_limits& limits)
      : router_world(3, 10'000, {{"first", limits}}) {
    for (const auto* tenant : {"greedy", "modest"}) {
      protocol::request<protocol::open_account> msg;
      msg.body = {tenant, protocol::money::max()};
      world.tell(budget, msg);
    }
  }

  asked_call ask_of(const std::string& tenant,
                    priority urgency = priority::medium,
                    protocol::duration patience = {}) {
    auto what = call();
    what.head.message = {1, ++calls};
    what.head.urgency = urgency;
    what.head.cancel_scope = {7, calls};
    what.body.model = "first/small";
    what.body.account = tenant + "/run/task";
    what.body.output_tokens_max = 100;
    if (patience > protocol::duration{})
      what.head.deadline = world.now() + patience;
    return ask(what);
  }
  void answer_next() {
    first->release(answered++, *hello);
    world.run();
  }
  [[nodiscard]] std::size_t asked_of(const std::string& tenant) const {
    return static_cast<std::size_t>(std::count_if(
        first->asked.begin(), first->asked.end(), [&](const auto& it) {
          return it.body.account.starts_with(tenant + '/');
        }));
  }

  std::uint64_t calls = 10;
  std::size_t answered = 0;
};

rate_limits at_one_time(std::uint32_t calls) {
  return {0, 0, 0, calls};
}

} // namespace

TEST_CASE("Q5: a tenant that asks for much does not hold up one that asks for "
          "little",
          "[router]") {
  shared_world it{at_one_time(1)};
  for (int i = 0; i < 100; ++i)
    it.ask_of("greedy");
  std::vector<asked_call> modest;
  for (int i = 0; i < 5; ++i)
    modest.push_back(it.ask_of("modest"));
  for (int i = 0; i < 10; ++i)
    it.answer_next();
  CHECK(it.asked_of("modest") == 5);
  for (int i = 0; i < 95; ++i)
    it.answer_next();
  CHECK(it.asked_of("greedy") == 100);
  for (const auto& call : modest)
    CHECK(call->outcome->has_value());
}

TEST_CASE("a critical call of one tenant goes before the others of another",
          "[router]") {
  shared_world it{at_one_time(1)};
  for (int i = 0; i < 20; ++i)
    it.ask_of("modest");
  it.ask_of("greedy");
  it.ask_of("greedy", priority::high);
  it.ask_of("greedy", priority::critical);
  it.answer_next();
  REQUIRE(it.first->asked.size() == 2);
  CHECK(it.first->asked[1].head.urgency == priority::critical);
}

TEST_CASE("a call that cannot be in time for those before it ends at once",
          "[router]") {
  shared_world it{{6, 0, 0, 1}}; // one every ten seconds
  it.first->script = answering(hello);
  CHECK(it.ask_of("greedy")->outcome->has_value());
  const auto second = it.ask_of("greedy", priority::medium, 15s);
  CHECK(second->is_open());
  const auto third = it.ask_of("greedy", priority::medium, 15s);
  REQUIRE(third->code() == errc::provider_throttled);
  CHECK(third->outcome->error().retry_after == 20s);
  // Those of others may go before them.
  CHECK(it.ask_of("modest", priority::medium, 15s)->is_open());
  it.world.advance(10s);
  CHECK(it.first->asked.size() == 2);
}

TEST_CASE("one that can no longer be in time leaves the line when its turn "
          "comes",
          "[router]") {
  shared_world it{{6, 0, 0, 0}};
  it.first->script = answering(hello);
  CHECK(it.ask_of("greedy")->outcome->has_value());
  const auto first = it.ask_of("greedy", priority::medium, 15s);
  const auto second = it.ask_of("modest", priority::medium, 15s);
  CHECK(first->is_open());
  CHECK(second->is_open());
  it.world.advance(10s); // one of them goes, the other one's place is too late
  CHECK(it.first->asked.size() == 2);
  CHECK(first->answers + second->answers == 2);
}

TEST_CASE("when a large call is given up the small ones behind it go",
          "[router]") {
  shared_world it{{0, 0, 6'000, 0}}; // 1,000 at once
  for (int i = 0; i < 9; ++i)
    it.ask_of("greedy");
  auto large = it.call();
  large.head.message = {2, 1};
  large.head.deadline = it.world.now() + 1s;
  large.body.model = "first/small";
  large.body.output_tokens_max = 900;
  const auto waits = it.ask(large);
  const auto small = it.ask_of("modest");
  REQUIRE(it.first->asked.size() == 9);
  it.world.advance(1s);
  CHECK(waits->code() == errc::provider_throttled);
  CHECK(it.asked_of("modest") == 1);
}

TEST_CASE("who has less time left than half of what calls take does not wait",
          "[router]") {
  shared_world it{at_one_time(1)};
  for (int i = 0; i < 60; ++i) {
    it.ask_of("greedy");
    it.world.advance(10s);
    it.answer_next();
  }
  const auto quick = it.ask_of("greedy", priority::medium, 2s);
  CHECK(quick->is_open()); // it need not wait
  CHECK(it.ask_of("modest", priority::medium, 2s)->code()
        == errc::provider_throttled);
  CHECK(it.ask_of("modest", priority::medium, 8s)->is_open());
}
