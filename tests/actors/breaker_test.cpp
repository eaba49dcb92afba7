#include "breaker.hpp"
#include "support/protocol/random_source.hpp"

#include <map>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::instant;
using protocol::test::random_source;

namespace {

constexpr auto success = call_verdict::success;
constexpr auto failure = call_verdict::failure;
constexpr auto neutral = call_verdict::neutral;

struct breaker_desk {
  breaker_limits limits{};
  instant now{1'800'000'000s};
  breaker it{limits, 7};

  /// Makes a call that ends so; false when it is not let through.
  bool call(call_verdict verdict) {
    const auto ticket = it.admit(now);
    if (ticket)
      it.report(*ticket, verdict, now);
    return ticket.has_value();
  }
  void open() {
    while (it.state() == breaker_state::closed)
      REQUIRE(call(failure));
  }
  /// Until it may let probes through.
  void wait() { now = it.next_try(now); }
};

} // namespace

TEST_CASE("C1: failures in a row open a breaker, and nobody gets through",
          "[breaker]") {
  breaker_desk it;
  for (std::uint32_t i = 0; i < it.limits.consecutive; ++i)
    REQUIRE(it.call(failure));
  CHECK(it.it.state() == breaker_state::open);
  for (int i = 0; i < 1'000; ++i)
    CHECK_FALSE(it.call(success));
  it.now = it.it.next_try(it.now) - 1ns;
  CHECK_FALSE(it.call(success));
}

TEST_CASE("C1: half of enough calls open a breaker", "[breaker]") {
  breaker_desk it;
  for (int i = 0; i < 4; ++i) {
    REQUIRE(it.call(failure));
    REQUIRE(it.call(success));
  }
  CHECK(it.it.state() == breaker_state::closed); // too few
  REQUIRE(it.call(success));
  REQUIRE(it.call(failure));
  CHECK(it.it.state() == breaker_state::open);
}

TEST_CASE("failures that are older than the window do not count", "[breaker]") {
  breaker_desk it;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 4; ++i)
      REQUIRE(it.call(failure));
    for (int i = 0; i < 5; ++i)
      REQUIRE(it.call(success));
    it.now += it.limits.window;
  }
  CHECK(it.it.state() == breaker_state::closed);
}

TEST_CASE("C1: half open, exactly as many probes as allowed are in flight",
          "[breaker]") {
  breaker_desk it;
  it.limits.probes = GENERATE(1U, 3U);
  it.it = breaker{it.limits, 7};
  it.open();
  it.wait();
  std::size_t through = 0;
  for (int i = 0; i < 1'000; ++i)
    through += it.it.admit(it.now) ? 1 : 0;
  CHECK(through == it.limits.probes);
}

TEST_CASE("a probe that succeeds closes a breaker", "[breaker]") {
  breaker_desk it;
  it.open();
  it.wait();
  const auto probe = it.it.admit(it.now);
  REQUIRE(probe);
  CHECK(it.it.report(*probe, success, it.now));
  CHECK(it.it.state() == breaker_state::closed);
  CHECK(it.call(failure)); // what was before is forgotten
  CHECK(it.call(success));
}

TEST_CASE("a probe that fails opens a breaker for twice as long", "[breaker]") {
  breaker_desk it;
  it.open();
  auto expected = it.limits.open_first;
  for (int i = 0; i < 12; ++i) {
    const auto length = it.it.next_try(it.now) - it.now;
    CHECK(length >= expected);
    CHECK(length <= expected + expected / 4);
    expected = std::min(2 * expected, it.limits.open_max);
    it.wait();
    REQUIRE(it.call(failure));
    CHECK(it.it.state() == breaker_state::open);
  }
  it.wait();
  REQUIRE(it.call(success));
  it.open();
  CHECK(it.it.next_try(it.now) - it.now < 2 * it.limits.open_first);
}

TEST_CASE("C2: a probe that never returns gives its place back", "[breaker]") {
  breaker_desk it;
  it.open();
  it.wait();
  const auto lost = it.it.admit(it.now);
  REQUIRE(lost);
  CHECK_FALSE(it.it.admit(it.now));
  CHECK(it.it.next_try(it.now) == it.now + it.limits.probe_lease);
  it.wait();
  const auto next = it.it.admit(it.now);
  REQUIRE(next);
  CHECK_FALSE(it.it.report(*lost, failure, it.now)); // too late to count
  CHECK(it.it.state() == breaker_state::half_open);
  CHECK(it.it.report(*next, success, it.now));
}

TEST_CASE("C3: calls of an earlier state do not count for this one",
          "[breaker]") {
  breaker_desk it;
  std::vector<breaker::ticket> early;
  for (int i = 0; i < 20; ++i)
    early.push_back(it.it.admit(it.now).value());
  it.open();
  CHECK_FALSE(it.it.report(early[0], success, it.now));
  CHECK(it.it.state() == breaker_state::open);
  it.wait();
  REQUIRE(it.call(success));
  for (const auto& ticket : early)
    CHECK_FALSE(it.it.report(ticket, failure, it.now));
  CHECK(it.it.state() == breaker_state::closed);
}

TEST_CASE("C4: what says nothing of a provider's health changes nothing",
          "[breaker]") {
  breaker_desk it;
  for (int i = 0; i < 100; ++i)
    REQUIRE(it.call(neutral));
  CHECK(it.it.state() == breaker_state::closed);
  it.open();
  it.wait();
  REQUIRE(it.call(neutral));
  CHECK(it.it.state() == breaker_state::half_open);
  CHECK(it.call(success)); // the place is free again
}

TEST_CASE("C4: outages are failures, refusals and throttling are neither",
          "[breaker]") {
  for (const auto code : {errc::provider_unavailable, errc::provider_timeout,
                          errc::stream_truncated, errc::unreachable})
    CHECK(verdict_of(code) == failure);
  for (const auto code : {errc::provider_throttled, errc::provider_rejected,
                          errc::cancelled, errc::budget_exhausted,
                          errc::context_too_long, errc::provider_unauthorized})
    CHECK(verdict_of(code) == neutral);
}

TEST_CASE("C1, C2: no history of calls lets more through than it may",
          "[breaker]") {
  const auto seed = GENERATE(range<std::uint64_t>(1, 40));
  CAPTURE(seed);
  random_source random{seed};
  breaker_desk it;
  it.limits.probes = static_cast<std::uint32_t>(random.below(3) + 1);
  it.it = breaker{it.limits, seed};
  std::vector<breaker::ticket> flying;
  std::map<std::uint64_t, instant> leases; // of probes in this half-open time
  auto state = it.it.state();
  const auto after_step = [&] {
    if (it.it.state() != state)
      leases.clear();
    state = it.it.state();
  };
  for (int step = 0; step < 2'000; ++step) {
    if (random.below(3) == 0)
      it.now += std::chrono::milliseconds{random.below(20'000)};
    if (random.below(2) == 0) {
      const auto before = it.it.state();
      const auto reopens = it.it.next_try(it.now);
      const auto ticket = it.it.admit(it.now);
      after_step();
      if (before == breaker_state::open)
        REQUIRE(ticket.has_value() == (reopens <= it.now));
      if (ticket && state == breaker_state::half_open) {
        std::erase_if(leases,
                      [&](const auto& one) { return one.second <= it.now; });
        leases[ticket->probe] = it.now + it.limits.probe_lease;
        REQUIRE(leases.size() <= it.limits.probes);
      }
      if (ticket)
        flying.push_back(*ticket);
    } else if (!flying.empty()) {
      const auto at = random.below(flying.size());
      const auto ticket = flying[at];
      flying.erase(flying.begin() + static_cast<std::ptrdiff_t>(at));
      leases.erase(ticket.probe);
      it.it.report(ticket, random.below(3) == 0 ? success : failure, it.now);
      after_step();
    }
  }
}

TEST_CASE("after a rest calls come in step by step, each twice the last",
          "[breaker]") {
  breaker_desk it;
  it.limits.slow_start = 10s;
  it.limits.probes = GENERATE(1U, 3U);
  it.it = breaker{it.limits, 7};
  it.open();
  it.wait();
  REQUIRE(it.call(success));
  const auto closed = it.now;
  for (int step = 0; step < 10; ++step) {
    it.now = closed + step * 1s;
    for (std::uint64_t i = 0; i < std::uint64_t{it.limits.probes} << step; ++i)
      REQUIRE(it.call(success));
    CHECK_FALSE(it.call(success));
    CHECK(it.it.next_try(it.now) == closed + (step + 1) * 1s);
    it.now += 1s - 1ns;
    CHECK_FALSE(it.call(success));
  }
  it.now += 1ns;
  for (int i = 0; i < 10'000; ++i)
    REQUIRE(it.call(success));
}

TEST_CASE("a step without calls leaves nothing for the next", "[breaker]") {
  breaker_desk it;
  it.limits.slow_start = 10s;
  it.it = breaker{it.limits, 7};
  it.open();
  it.wait();
  REQUIRE(it.call(success));
  it.now += 3s;
  int through = 0;
  while (it.call(success))
    ++through;
  CHECK(through == 8);
}

TEST_CASE("failures in a slow start open a breaker again", "[breaker]") {
  breaker_desk it;
  it.limits.slow_start = 1h;
  it.it = breaker{it.limits, 7};
  it.open();
  it.wait();
  REQUIRE(it.call(success));
  while (it.it.state() == breaker_state::closed)
    if (!it.call(failure))
      it.wait();
  CHECK(it.it.state() == breaker_state::open);
}

TEST_CASE("a call that is made all the same counts for nothing while a breaker "
          "is open",
          "[breaker]") {
  breaker_desk it;
  it.open();
  const auto forced = it.it.force();
  CHECK_FALSE(it.it.report(forced, success, it.now));
  CHECK_FALSE(it.it.report(it.it.force(), failure, it.now));
  CHECK(it.it.state() == breaker_state::open);
  it.wait();
  REQUIRE(it.it.admit(it.now));
  CHECK_FALSE(it.it.report(it.it.force(), success, it.now));
  CHECK(it.it.state() == breaker_state::half_open);
}
