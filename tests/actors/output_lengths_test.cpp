#include "output_lengths.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"

#include <algorithm>
#include <vector>

using namespace troupe;
using namespace troupe::actors;
using protocol::test::random_source;

TEST_CASE("a cap is told once there are answers enough", "[router]") {
  output_lengths lengths;
  for (std::uint32_t i = 1; i < output_lengths::needed; ++i)
    lengths.add({1, 1}, 500);
  CHECK_FALSE(lengths.cap({1, 1}));
  lengths.add({1, 1}, 500);
  REQUIRE(lengths.cap({1, 1}));
  CHECK(*lengths.cap({1, 1}) >= 500);
  CHECK(*lengths.cap({1, 1}) < 640);
  CHECK_FALSE(lengths.cap({1, 2}));
}

TEST_CASE("49 of 50 answers are no longer than the cap, which is near them",
          "[router]") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    random_source random{seed};
    output_lengths lengths;
    const auto longest = 20 + random.below(30'000);
    std::vector<std::uint64_t> all;
    for (int i = 0; i < 900; ++i) {
      all.push_back(1 + random.below(longest));
      lengths.add({1, 1}, all.back());
    }
    std::sort(all.begin(), all.end());
    const auto cap = *lengths.cap({1, 1});
    const auto within = static_cast<std::size_t>(
        std::upper_bound(all.begin(), all.end(), cap) - all.begin());
    CHECK(within * 50 >= all.size() * 49);
    CHECK(cap <= std::max<std::uint64_t>(64, all.back() * 5 / 4 + 1));
  }
}

TEST_CASE("old lengths fade", "[router]") {
  output_lengths lengths;
  for (int i = 0; i < 1'000; ++i)
    lengths.add({1, 1}, 10'000);
  for (int i = 0; i < 8'000; ++i)
    lengths.add({1, 1}, 100);
  CHECK(*lengths.cap({1, 1}) < 200);
}

TEST_CASE("no length is out of range, and no kind too many", "[router]") {
  output_lengths lengths;
  for (int i = 0; i < 100; ++i) {
    lengths.add({1, 1}, 0);
    lengths.add({1, 2}, UINT64_MAX);
  }
  CHECK(lengths.cap({1, 1}) == 64);
  CHECK(lengths.cap({1, 2}) > 1'000'000);
  for (std::uint64_t i = 0; i < output_lengths::kinds_max; ++i)
    lengths.add({2, i}, 1);
  CHECK_FALSE(lengths.cap({1, 1}));
}
