#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"
#include "troupe/actors/heartbeat_rules.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::test::random_source;
using verdict = heartbeat_rules::verdict;
using names = std::vector<std::string>;
using namespace std::chrono_literals;

namespace {

const heartbeat_rules::time_point start{1h};

protocol::heartbeat beat(std::uint64_t sequence, std::uint64_t incarnation = 1,
                         std::string sender = "node") {
  return {std::move(sender), incarnation, sequence, 0};
}

} // namespace

TEST_CASE("suspicion rises with silence, by the sender's own pace",
          "[heartbeat_rules]") {
  heartbeat_rules rules{{}};
  auto now = start;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    rules.hear(beat(i, 1, "quick"), now);
    if (i % 10 == 1)
      rules.hear(beat(i / 10 + 1, 1, "calm"), now);
    now += 200ms;
  }
  now -= 200ms;
  CHECK(rules.suspicion_of("quick", now) == 0);
  CHECK(rules.suspicion_of("quick", now + 200ms) == 43); // phi 0.43
  CHECK(rules.suspicion_of("quick", now + 3'700ms) >= 800);
  CHECK(rules.suspicion_of("calm", now + 3'700ms) < 150);
  CHECK(rules.suspects(800, now + 4s) == names{"quick"});
  CHECK(rules.suspicion_of("nobody", now) == 0);
}

TEST_CASE("before intervals are known the expected one is taken",
          "[heartbeat_rules]") {
  heartbeat_limits limits;
  limits.expected = 500ms;
  heartbeat_rules rules{limits};
  CHECK(rules.hear(beat(1), start) == verdict::started);
  CHECK(rules.suspicion_of("node", start + 500ms) == 43);
}

TEST_CASE("a burst of heartbeats does not make the next pause suspicious",
          "[heartbeat_rules]") {
  heartbeat_rules rules{{}};
  for (std::uint64_t i = 1; i <= 50; ++i)
    rules.hear(beat(i), start);
  CHECK(rules.suspicion_of("node", start + 100ms) == 43); // least: 100 ms
}

TEST_CASE("heartbeats that come late, twice or from the past change nothing",
          "[heartbeat_rules]") {
  heartbeat_rules rules{{}};
  rules.hear(beat(5, 2), start);
  CHECK(rules.hear(beat(5, 2), start + 5s) == verdict::repeated);
  CHECK(rules.hear(beat(4, 2), start + 5s) == verdict::repeated);
  CHECK(rules.hear(beat(99, 1), start + 5s) == verdict::outdated);
  CHECK(rules.suspicion_of("node", start + 5s) == 217);
  CHECK(rules.hear(beat(1, 3), start + 5s) == verdict::started);
  CHECK(rules.suspicion_of("node", start + 5s) == 0);
}

TEST_CASE("lost heartbeats do not slow the detector down",
          "[heartbeat_rules]") {
  heartbeat_rules all{{}};
  heartbeat_rules half{{}};
  for (std::uint64_t i = 1; i <= 60; ++i) {
    all.hear(beat(i), start + i * 1s);
    if (i % 2 == 0)
      half.hear(beat(i), start + i * 1s);
  }
  CHECK(all.suspicion_of("node", start + 70s)
        == half.suspicion_of("node", start + 70s));
}

TEST_CASE("M1: the number of senders is bounded", "[heartbeat_rules]") {
  heartbeat_limits limits;
  limits.senders_max = 2;
  heartbeat_rules rules{limits};
  rules.hear(beat(1, 1, "a"), start);
  rules.hear(beat(1, 1, "b"), start);
  CHECK(rules.hear(beat(1, 1, "c"), start) == verdict::full);
  rules.forget("a");
  CHECK(rules.hear(beat(1, 1, "c"), start) == verdict::started);
  CHECK(rules.size() == 2);
}

TEST_CASE("random heartbeats never lower suspicion in silence",
          "[heartbeat_rules]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    random_source source{seed};
    heartbeat_rules rules{{}};
    auto now = start;
    for (int step = 0; step < 100; ++step) {
      now += std::chrono::milliseconds{source.below(3'000)};
      const auto said =
          rules.hear(beat(source.below(200), 1 + source.below(3)), now);
      if (said == verdict::counted || said == verdict::started)
        REQUIRE(rules.suspicion_of("node", now) == 0);
      std::uint32_t before = 0;
      for (const auto silence : {0ms, 10ms, 700ms, 5'000ms, 3'600'000ms}) {
        const auto level = rules.suspicion_of("node", now + silence);
        REQUIRE(level >= before);
        before = level;
      }
    }
  }
}
