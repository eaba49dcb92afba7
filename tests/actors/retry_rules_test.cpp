#include "retry_rules.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <random>
#include <set>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::fail;
using protocol::instant;

namespace {

constexpr instant start{std::chrono::seconds{1'000'000}};

} // namespace

TEST_CASE("C5: what a refusal would only repeat is not tried again",
          "[retry]") {
  for (const auto code :
       {errc::provider_throttled, errc::provider_unavailable,
        errc::provider_timeout, errc::stream_truncated, errc::unreachable,
        errc::overloaded, errc::provider_malformed})
    CHECK(may_try_again(fail(code, "")));
  for (const auto code :
       {errc::provider_rejected, errc::provider_unauthorized,
        errc::content_refused, errc::context_too_long, errc::tls_untrusted,
        errc::budget_exhausted, errc::cancelled, errc::deadline_exceeded})
    CHECK_FALSE(may_try_again(fail(code, "")));
  auto said_no = fail(errc::provider_unavailable, "");
  said_no.retries_spent = true;
  CHECK_FALSE(may_try_again(said_no));
}

TEST_CASE("C5: pauses are any share of a length that doubles up to a bound",
          "[retry]") {
  const retry_limits limits;
  std::mt19937_64 random{7};
  auto most = limits.pause_first;
  for (std::uint32_t failures = 1; failures < 20; ++failures) {
    auto least_seen = protocol::duration::max();
    protocol::duration most_seen{};
    for (int i = 0; i < 1'000; ++i) {
      const auto pause = pause_before_retry(limits, failures, random());
      REQUIRE(pause >= 0ns);
      REQUIRE(pause <= most);
      least_seen = std::min(least_seen, pause);
      most_seen = std::max(most_seen, pause);
    }
    CHECK(least_seen < most / 20); // full jitter, not a fixed part of it
    CHECK(most_seen > most - most / 20);
    most = std::min<protocol::duration>(2 * most, limits.pause_max);
  }
  CHECK(pause_before_retry(limits, UINT32_MAX, 0) == 0ns);
}

TEST_CASE("C5: second tries are a share of the calls, and a burst", "[retry]") {
  retry_limits limits;
  limits.burst = 3;
  retry_allowance it{limits};
  const auto spend_all = [&] {
    std::uint32_t spent = 0;
    for (; it.has_any(); ++spent)
      it.spend();
    return spent;
  };
  CHECK(spend_all() == 3);
  for (int i = 0; i < 9; ++i)
    it.earn();
  CHECK(spend_all() == 0);
  it.earn();
  CHECK(spend_all() == 1);
  for (int i = 0; i < 1'000; ++i)
    it.earn();
  CHECK(spend_all() == 3); // what is saved up is bounded
}

TEST_CASE("a rest lasts as long as was asked for, and the longest counts",
          "[retry]") {
  asked_rest it;
  CHECK(it.is_over(start));
  it.ask(20s, start);
  it.ask(5s, start + 1s);
  it.ask(0s, start + 1s);
  CHECK_FALSE(it.is_over(start + 20s - 1ns));
  CHECK(it.is_over(start + 20s));
  it.ask(15s, start + 10s);
  CHECK_FALSE(it.is_over(start + 24s));
}

TEST_CASE("C7: calls that wait for the end of a rest go one after the other",
          "[retry]") {
  asked_rest it;
  it.ask(8s, start);
  std::mt19937_64 random{3};
  std::set<instant> turns;
  for (int i = 0; i < 100; ++i) {
    const auto turn = it.turn(random());
    REQUIRE(turn >= start + 8s);
    REQUIRE(turn <= start + 10s);
    turns.insert(turn);
  }
  CHECK(turns.size() > 90);
  asked_rest month;
  month.ask(std::chrono::days{30}, start);
  CHECK(month.turn(random()) <= start + std::chrono::days{30} + 5s);
}
