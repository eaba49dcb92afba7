#include "support/actors/show_result.hpp"
#include "topic_rules.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::instant;
using namespace std::chrono_literals;

namespace {

using offsets = std::vector<std::uint64_t>;
using slots = std::vector<topic_rules::slot>;

/// A hub's rules, with ids that count.
struct desk {
  topic_rules rules;
  instant now{1h};

  explicit desk(std::size_t kept = 4) : rules(limits_of(kept), 1) {}

  static topic_limits limits_of(std::size_t kept) {
    topic_limits limits;
    limits.messages_max = kept;
    limits.content_bytes_max = 100;
    limits.subscriptions_max = 4;
    limits.subscriptions_each_max = 2;
    limits.silence_max = 10s;
    return limits;
  }
  static protocol::id name(std::uint64_t number) { return {7, number}; }

  auto publish(std::string topic, std::string content = "x") {
    return rules.publish({std::move(topic), "", std::move(content)}, now);
  }
  auto follow(std::uint64_t number, std::uint64_t who, std::string filter,
              std::uint32_t window = 100, std::uint64_t from = 0) {
    return rules.follow(who, {std::move(filter), window, from}, name(number),
                        now);
  }
  auto grant(std::uint64_t number, std::uint32_t count) {
    return rules.grant({name(number), count}, now);
  }
};

} // namespace

TEST_CASE("a message goes to followers of its topic and of its prefixes",
          "[topic_rules]") {
  desk it;
  const auto exact = it.follow(1, 1, "market.eur");
  const auto below = it.follow(2, 2, "market.");
  const auto all = it.follow(3, 3, ".");
  REQUIRE(it.follow(4, 4, "market"));
  const auto done = it.publish("market.eur");
  REQUIRE(done);
  CHECK(done->offset == 1);
  CHECK(done->followers == 3);
  CHECK(it.rules.receivers() == slots{all->to, below->to, exact->to});
  REQUIRE(it.publish("weather"));
  CHECK(it.rules.receivers() == slots{all->to});
}

TEST_CASE("a follower never gets more than its credit", "[topic_rules]") {
  desk it;
  const auto one = it.follow(1, 1, "a", 2);
  for (int i = 0; i < 3; ++i)
    REQUIRE(it.publish("a"));
  CHECK(it.rules.receivers().empty());
  CHECK(it.grant(1, 1).offsets == offsets{3});
  CHECK(it.grant(1, 1).offsets.empty());
  REQUIRE(it.publish("a"));
  CHECK(it.rules.receivers() == slots{one->to});
}

TEST_CASE("credit beyond the window is cut to it", "[topic_rules]") {
  desk it{100};
  REQUIRE(it.follow(1, 1, "a", 3));
  CHECK(it.grant(1, ~std::uint32_t{0}).offsets.empty());
  std::size_t sent = 0;
  for (int i = 0; i < 10; ++i) {
    REQUIRE(it.publish("a"));
    sent += it.rules.receivers().size();
  }
  CHECK(sent == 3);
  CHECK(it.grant(1, 1'000'000).offsets == offsets{4, 5, 6});
}

TEST_CASE("P2: a slow follower is told the gap and goes on behind it",
          "[topic_rules]") {
  desk it{4};
  REQUIRE(it.follow(1, 1, "a.", 1));
  for (int i = 0; i < 3; ++i) {
    REQUIRE(it.publish("a.b")); // 1, 3, 5
    REQUIRE(it.publish("c"));   // 2, 4, 6
  }
  const auto next = it.grant(1, 1); // kept are 3 to 6
  CHECK(next.gap_first == 0);
  CHECK(next.offsets == offsets{3});
  for (int i = 0; i < 4; ++i)
    REQUIRE(it.publish("a.b")); // 7 to 10
  const auto late = it.grant(1, 1);
  CHECK(late.gap_first == 5);
  CHECK(late.gap_last == 6);
  CHECK(late.offsets == offsets{7});
}

TEST_CASE("M4: what falls off the ring for one follower is no gap for others",
          "[topic_rules]") {
  desk it{2};
  REQUIRE(it.follow(1, 1, "a", 1));
  const auto quick = it.follow(2, 2, "a", 100);
  for (int i = 0; i < 50; ++i) {
    REQUIRE(it.publish("a"));
    if (i > 0)
      CHECK(it.rules.receivers() == slots{quick->to});
  }
  CHECK(it.grant(2, 1).gap_first == 0);
  CHECK(it.grant(1, 1).gap_first == 2);
}

TEST_CASE("a follower of a quiet topic has no gap when others are busy",
          "[topic_rules]") {
  desk it{2};
  REQUIRE(it.follow(1, 1, "quiet", 1));
  REQUIRE(it.publish("quiet"));
  for (int i = 0; i < 20; ++i)
    REQUIRE(it.publish("busy"));
  const auto nothing = it.grant(1, 1);
  CHECK(nothing.gap_first == 0);
  CHECK(nothing.offsets.empty());
}

TEST_CASE("P3: who follows from an offset gets what is kept, then the rest",
          "[topic_rules]") {
  desk it{3};
  for (int i = 0; i < 5; ++i)
    REQUIRE(it.publish(i % 2 == 0 ? "a" : "b")); // kept are 3 to 5
  const auto kept = it.follow(1, 1, "a", 100, 3);
  REQUIRE(kept);
  CHECK(kept->gap_first == 0);
  CHECK(kept->offsets == offsets{3, 5});
  const auto early = it.follow(2, 2, "a", 1, 1);
  REQUIRE(early);
  CHECK(early->gap_first == 1);
  CHECK(early->gap_last == 2);
  CHECK(early->offsets == offsets{3});
  CHECK(it.follow(3, 3, "a", 1, 6)->offsets.empty());
  CHECK(it.follow(4, 4, "a", 1, 7).error().code == errc::invalid_request);
}

TEST_CASE("P7: nothing is left of a subscription that has ended",
          "[topic_rules]") {
  desk it;
  REQUIRE(it.follow(1, 1, "a", 1));
  REQUIRE(it.follow(2, 2, "a"));
  REQUIRE(it.follow(3, 1, "b", 1));
  REQUIRE(it.publish("a"));
  REQUIRE(it.publish("a"));
  CHECK(it.rules.is_anyone_waiting());
  CHECK(it.rules.end(desk::name(2)));
  CHECK_FALSE(it.rules.end(desk::name(2)));
  CHECK(it.rules.forget(1).size() == 2);
  CHECK_FALSE(it.rules.is_anyone_waiting());
  CHECK_FALSE(it.rules.is_following(1));
  CHECK_FALSE(it.rules.is_following(2));
  CHECK(it.rules.all().empty());
  CHECK(it.publish("a")->followers == 0);
  CHECK(it.grant(1, 5).offsets.empty());
}

TEST_CASE("a follower that missed messages in silence is found",
          "[topic_rules]") {
  desk it{2};
  const auto one = it.follow(1, 1, "a", 1);
  REQUIRE(it.publish("a"));
  REQUIRE(it.publish("a")); // waits
  it.now += 1min;
  CHECK(it.rules.silent(it.now).empty()); // slow, but it missed nothing
  REQUIRE(it.publish("a"));
  REQUIRE(it.publish("a"));
  CHECK(it.rules.silent(it.now) == slots{one->to});
  CHECK(it.grant(1, 1).gap_first == 2);
  CHECK(it.rules.silent(it.now + 9s).empty());
}

TEST_CASE("what has no topic, filter, window or place is refused",
          "[topic_rules]") {
  desk it;
  CHECK(it.publish("a.").error().code == errc::invalid_request);
  CHECK(it.publish("a", std::string(101, 'x')).error().code
        == errc::limit_exceeded);
  CHECK(it.publish("a", std::string(100, 'x')));
  CHECK(it.rules.publish({"a", std::string(128, 'x'), ""}, it.now).error().code
        == errc::limit_exceeded);
  CHECK(it.follow(1, 1, "").error().code == errc::invalid_request);
  CHECK(it.follow(1, 1, "a", 0).error().code == errc::invalid_request);
  CHECK(it.follow(1, 1, "a", 10'001).error().code == errc::invalid_request);
  REQUIRE(it.follow(1, 1, "a"));
  REQUIRE(it.follow(2, 1, "b", 10'000));
  CHECK(it.follow(3, 1, "c").error().code == errc::limit_exceeded);
  REQUIRE(it.follow(3, 2, "a"));
  REQUIRE(it.follow(4, 3, "a"));
  CHECK(it.follow(5, 4, "a").error().code == errc::limit_exceeded);
}

TEST_CASE("the filters of one follower do not overlap", "[topic_rules]") {
  desk it;
  REQUIRE(it.follow(1, 1, "a.b."));
  for (const auto* bad : {"a.b.", "a.b.c", "a.", ".", "a.b.c."})
    CHECK(it.follow(2, 1, bad).error().code == errc::invalid_request);
  CHECK(it.follow(2, 1, "a.b"));
}

TEST_CASE("M1: the ring is bounded by count and by bytes", "[topic_rules]") {
  topic_ring ring{100, 1'000, 1};
  for (int i = 0; i < 1'000; ++i)
    ring.add("topic-" + std::to_string(i), 90);
  CHECK(ring.size() == 11);
  CHECK(ring.bytes() == 990);
  CHECK(ring.topics() == 11);
  ring.add("large", 5'000);
  CHECK(ring.size() == 1);
  topic_ring short_one{3, 1'000, 1};
  for (int i = 0; i < 10; ++i)
    short_one.add("a", 1);
  CHECK(short_one.first() == 8);
}
