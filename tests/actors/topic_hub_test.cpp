#include "support/actors/show_result.hpp"
#include "support/virtual_time.hpp"
#include "troupe/actors/topic_hub.hpp"

#include <troupe/protocol/print.hpp>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using namespace std::chrono_literals;

namespace {

using message = protocol::notification<protocol::topic_message>;
using gap = protocol::notification<protocol::subscription_gap>;
using ended = protocol::notification<protocol::subscription_ended>;
using published = protocol::response<protocol::published>;
using subscribed = protocol::response<protocol::topic_subscribed>;
using unsubscribed = protocol::response<protocol::unsubscribed>;
using offsets = std::vector<std::uint64_t>;

/// What a follower was sent.
struct mail {
  std::vector<message> messages;
  std::vector<const void*> bodies; ///< Where each message stood.
  std::vector<gap> gaps;
  std::vector<ended> ends;
};

struct square {
  test::virtual_time world;
  topic_hub_actor hub;

  explicit square(topic_limits limits = {})
      : hub(world.keep(
          spawn_topic_hub(world.system(), {limits, world.clock(), 1}))) {}

  topic_follower_actor follower(const std::shared_ptr<mail>& box) {
    return world.keep(
        world.system().spawn([box]() -> topic_follower_actor::behavior_type {
          return {[box](const message& it) {
                    box->messages.push_back(it);
                    box->bodies.push_back(&it);
                  },
                  [box](const gap& it) { box->gaps.push_back(it); },
                  [box](const ended& it) {
                    box->ends.push_back(it);
                  }};
        }));
  }
  protocol::result<subscribed> follow(const topic_follower_actor& who,
                                      std::string filter,
                                      std::uint32_t window = 100,
                                      std::uint64_t from = 0) {
    return world.answer<subscribed>(
        hub,
        protocol::request<protocol::subscribe_topic>{
            {}, {std::move(filter), window, from}},
        who);
  }
  protocol::result<published> publish(std::string topic,
                                      std::string content = "x") {
    protocol::request<protocol::publish> ask;
    ask.head.from = "ann";
    ask.head.conversation = {1, 2};
    ask.head.content = protocol::taint::untrusted;
    ask.body = {std::move(topic), "text/plain", std::move(content)};
    return world.answer<published>(hub, ask);
  }
  void grant(const subscribed& to, std::uint32_t count) {
    world.tell(hub, protocol::coordination<protocol::grant_credit>{
                        {}, {to.body.subscription, count}});
  }
  auto unsubscribe(const subscribed& from) {
    return world.answer<unsubscribed>(
        hub,
        protocol::request<protocol::unsubscribe>{{}, {from.body.subscription}});
  }
};

offsets offsets_of(const mail& box) {
  offsets all;
  for (const auto& it : box.messages)
    all.push_back(it.body.offset);
  return all;
}

} // namespace

TEST_CASE("all followers share one message with the publisher's header",
          "[topic_hub]") {
  square it;
  auto one = std::make_shared<mail>();
  auto two = std::make_shared<mail>();
  REQUIRE(it.follow(it.follower(one), "news."));
  REQUIRE(it.follow(it.follower(two), "news.today"));
  const auto done = it.publish("news.today", "rain");
  REQUIRE(done);
  CHECK(done->body.followers == 2);
  REQUIRE(one->messages.size() == 1);
  REQUIRE(two->messages.size() == 1);
  CHECK(one->bodies == two->bodies);
  const auto& got = one->messages.front();
  CHECK(got.body.offset == done->body.offset);
  CHECK(got.body.topic == "news.today");
  CHECK(got.body.publisher == "ann");
  CHECK(got.body.content_type == "text/plain");
  CHECK(got.body.content == "rain");
  CHECK(got.head.conversation == protocol::id{1, 2});
  CHECK(got.head.content == protocol::taint::untrusted);
  CHECK(got.head.to == "news.today");
}

TEST_CASE("M4: a follower without credit waits while others go on",
          "[topic_hub]") {
  square it;
  auto slow = std::make_shared<mail>();
  auto quick = std::make_shared<mail>();
  const auto mine = it.follow(it.follower(slow), "a", 2);
  REQUIRE(it.follow(it.follower(quick), "a", 100));
  for (int i = 0; i < 10; ++i)
    REQUIRE(it.publish("a"));
  CHECK(slow->messages.size() == 2);
  CHECK(quick->messages.size() == 10);
  it.grant(*mine, 2);
  CHECK(slow->messages.size() == 4);
  CHECK(slow->gaps.empty());
}

TEST_CASE("P2: a follower that was too slow is told the gap, then goes on",
          "[topic_hub]") {
  topic_limits limits;
  limits.messages_max = 3;
  square it{limits};
  auto box = std::make_shared<mail>();
  const auto mine = it.follow(it.follower(box), "a", 1);
  const auto first = it.publish("a")->body.offset;
  for (int i = 0; i < 9; ++i)
    REQUIRE(it.publish("a"));
  CHECK(box->gaps.empty());
  it.grant(*mine, 1);
  REQUIRE(box->gaps.size() == 1);
  CHECK(box->gaps.front().body.first == first + 1);
  CHECK(box->gaps.front().body.last == first + 6);
  CHECK(offsets_of(*box) == offsets{first, first + 7});
}

TEST_CASE("a follower that came back goes on where it was", "[topic_hub]") {
  square it;
  auto box = std::make_shared<mail>();
  const auto mine = it.follow(it.follower(box), "a");
  const auto first = it.publish("a")->body.offset;
  REQUIRE(it.unsubscribe(*mine));
  REQUIRE(it.publish("a"));
  REQUIRE(it.publish("a"));
  auto again = std::make_shared<mail>();
  const auto next = it.follow(it.follower(again), "a", 100, first + 1);
  REQUIRE(next);
  CHECK(next->body.next == first + 1);
  CHECK(offsets_of(*box) == offsets{first});
  CHECK(offsets_of(*again) == offsets{first + 1, first + 2});
}

TEST_CASE("P7: nothing comes after an unsubscribe was acknowledged",
          "[topic_hub]") {
  square it;
  auto box = std::make_shared<mail>();
  const auto mine = it.follow(it.follower(box), "a");
  REQUIRE(it.publish("a"));
  const auto answer = it.unsubscribe(*mine);
  REQUIRE(answer);
  CHECK(answer->body.subscription == mine->body.subscription);
  CHECK(it.publish("a")->body.followers == 0);
  CHECK(box->messages.size() == 1);
  CHECK(it.unsubscribe(*mine)); // again: the same answer
}

TEST_CASE("P7: the death of a follower ends its subscriptions", "[topic_hub]") {
  square it;
  const auto who = it.follower(std::make_shared<mail>());
  REQUIRE(it.follow(who, "a"));
  REQUIRE(it.follow(who, "b"));
  CHECK(it.publish("b")->body.followers == 1);
  it.world.end(who, caf::exit_reason::kill);
  CHECK(it.publish("a")->body.followers == 0);
  CHECK(it.publish("b")->body.followers == 0);
  REQUIRE(it.follow(it.follower(std::make_shared<mail>()), "a"));
  CHECK(it.publish("a")->body.followers == 1);
}

TEST_CASE("M4: a follower that misses messages in silence is cut and told",
          "[topic_hub]") {
  topic_limits limits;
  limits.messages_max = 2;
  limits.silence_max = 10s;
  square it{limits};
  auto box = std::make_shared<mail>();
  auto calm = std::make_shared<mail>();
  const auto mine = it.follow(it.follower(box), "a", 1);
  REQUIRE(it.follow(it.follower(calm), "calm", 1));
  for (int i = 0; i < 5; ++i)
    REQUIRE(it.publish("a"));
  it.world.advance(9s);
  CHECK(box->ends.empty());
  it.world.advance(2s);
  REQUIRE(box->ends.size() == 1);
  CHECK(box->ends.front().body.subscription == mine->body.subscription);
  CHECK(box->ends.front().body.reason.code == errc::overloaded);
  CHECK(it.publish("a")->body.followers == 0);
  CHECK(it.publish("calm")->body.followers == 1);
  it.world.advance(2s);
  CHECK(it.world.timers() == 0); // nobody waits, so the hub does not wake
}

TEST_CASE("followers are told when the hub ends", "[topic_hub]") {
  square it;
  auto box = std::make_shared<mail>();
  REQUIRE(it.follow(it.follower(box), "a"));
  it.world.end(it.hub);
  REQUIRE(box->ends.size() == 1);
  CHECK(box->ends.front().body.reason.code == errc::unreachable);
}

TEST_CASE("offsets rise over a restart of the hub", "[topic_hub]") {
  square it;
  std::uint64_t last = 0;
  for (int i = 0; i < 100; ++i)
    last = it.publish("a")->body.offset;
  it.world.advance(1s);
  const auto again = it.world.keep(
      spawn_topic_hub(it.world.system(), {{}, it.world.clock(), 2}));
  protocol::request<protocol::publish> ask;
  ask.body.topic = "a";
  const auto next = it.world.answer<published>(again, ask);
  REQUIRE(next);
  CHECK(next->body.offset > last);
  CHECK(next->body.offset < std::uint64_t{1} << 53U); // exact in JSON
}

TEST_CASE("a subscription for nobody is refused", "[topic_hub]") {
  square it;
  const auto none = it.follow(topic_follower_actor{}, "a");
  REQUIRE_FALSE(none);
  CHECK(none.error().code == errc::invalid_request);
  CHECK(it.follow(it.follower(std::make_shared<mail>()), "").error().code
        == errc::invalid_request);
}
