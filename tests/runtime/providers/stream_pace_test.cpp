#include "providers/stream_pace.hpp"
#include "support/catch.hpp"

#include <random>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using providers::pace_limits;
using providers::stream_pace;

namespace {

using time_point = stream_pace::time_point;

constexpr time_point start{100s};

pace_limits limits() {
  return {10s, 4s, 0, 2s};
}

stream_pace begun(const pace_limits& with) {
  stream_pace pace{with};
  pace.begin(start);
  return pace;
}

} // namespace

TEST_CASE("an answer must begin in time, however alive its connection is",
          "[stream_pace]") {
  CHECK(stream_pace{limits()}.due() == time_point::max());
  auto pace = begun(limits());
  pace.note(0, start + 9s);
  CHECK(pace.due() == start + 10s);
  CHECK(pace.check(start + 10s - 1ns).has_value());
  CHECK(pace.check(start + 10s).error().code == errc::provider_timeout);
}

TEST_CASE("each piece of an answer must come in time after the last",
          "[stream_pace]") {
  auto pace = begun(limits());
  pace.note(5, start + 3s);
  CHECK(pace.due() == start + 7s);
  pace.note(5, start + 6s); // nothing new
  CHECK(pace.due() == start + 7s);
  pace.note(6, start + 6s);
  CHECK(pace.due() == start + 10s);
  CHECK(pace.check(start + 9s).has_value());
  CHECK(pace.check(start + 10s).error().code == errc::provider_timeout);
}

TEST_CASE("an answer must come as fast as its least pace", "[stream_pace]") {
  auto wanted = limits();
  wanted.bytes_min = 10;
  auto pace = begun(wanted);
  CHECK(pace.due() == start + 10s); // no window before the first piece
  pace.note(1, start);
  CHECK(pace.due() == start + 2s);
  pace.note(10, start + 1s);
  CHECK(pace.check(start + 2s).has_value());
  CHECK(pace.due() == start + 4s);
  pace.note(19, start + 3s);
  const auto slow = pace.check(start + 4s);
  REQUIRE(slow.has_error());
  CHECK(slow.error().code == errc::provider_timeout);
  CHECK(slow.error().detail
        == "the answer comes too slowly: 9 bytes in 2000 ms");
}

TEST_CASE("who keeps all limits is never given up, and due is never passed",
          "[stream_pace]") {
  const auto seed = GENERATE(1U, 2U, 3U, 4U);
  CAPTURE(seed);
  std::mt19937 random{seed};
  auto wanted = limits();
  wanted.bytes_min = 3;
  auto pace = begun(wanted);
  auto now = start;
  std::uint64_t bytes = 0;
  for (int i = 0; i < 10'000; ++i) {
    now += std::chrono::milliseconds{random() % 500};
    bytes += 1 + random() % 3; // at least 4 pieces a window
    pace.note(bytes, now);
    if (now >= pace.due())
      REQUIRE(pace.check(now).has_value());
    REQUIRE(pace.due() > now);
  }
}
