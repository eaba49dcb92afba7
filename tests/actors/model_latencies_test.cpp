#include "model_latencies.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"

#include <algorithm>

using namespace troupe;
using namespace troupe::actors;
using namespace std::chrono_literals;
using protocol::test::random_source;

TEST_CASE("a latency is told once there are answers enough", "[router]") {
  model_latencies times{2};
  for (std::uint32_t i = 1; i < model_latencies::needed; ++i)
    times.add_first(1, 200ms);
  CHECK_FALSE(times.first(1, 950));
  times.add_first(1, 200ms);
  REQUIRE(times.first(1, 950));
  CHECK(*times.first(1, 950) >= 200ms);
  CHECK(*times.first(1, 950) < 256ms);
  CHECK_FALSE(times.first(0, 950));
  CHECK_FALSE(times.whole(1, 950));
}

TEST_CASE("a quantile of latencies is above its share of them, and near it",
          "[router]") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    random_source random{seed};
    model_latencies times{1};
    const auto longest = 20 + random.below(300'000);
    std::vector<protocol::duration> all;
    for (int i = 0; i < 900; ++i) {
      all.push_back(std::chrono::milliseconds{1 + random.below(longest)});
      times.add_whole(0, all.back());
    }
    std::sort(all.begin(), all.end());
    const auto told = *times.whole(0, 950);
    CHECK(told >= all[854]);
    CHECK(told <= all[854] * 5 / 4 + 4ms);
  }
}

TEST_CASE("a model that becomes slow is told to be slow within 1,024 answers",
          "[router]") {
  model_latencies times{1};
  for (int i = 0; i < 5'000; ++i)
    times.add_first(0, 100ms);
  for (int i = 0; i < 1'024; ++i)
    times.add_first(0, 5s);
  CHECK(*times.first(0, 500) >= 5s);
}

TEST_CASE("times below zero and above all bounds are counted", "[router]") {
  model_latencies times{1};
  for (std::uint32_t i = 0; i < model_latencies::needed; ++i)
    times.add_first(0, i % 2 == 0 ? -1s : 999h);
  CHECK(*times.first(0, 400) <= 5ms);
  CHECK(*times.first(0, 950) > 30min);
}
