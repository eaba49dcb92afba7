// What limits the calls to a provider.
#include "adaptive_limit.hpp"
#include "rate_gate.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

#include <deque>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::instant;
using protocol::test::random_source;

namespace {

constexpr instant start{std::chrono::seconds{1'000'000}};

} // namespace

TEST_CASE("C6: over any time no more passes than the rate and its burst",
          "[admission]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    random_source source{seed};
    const auto per_minute = 60 + source.below(6'000);
    const std::chrono::seconds burst{1 + source.below(60)};
    rate_gate gate{per_minute, burst};
    std::deque<std::pair<instant, std::uint64_t>> passed;
    auto now = start;
    for (int i = 0; i < 2'000; ++i) {
      now += std::chrono::milliseconds{
          static_cast<long>(source.below(source.coin() ? 5 : 2'000))};
      const auto amount = 1 + source.below(per_minute / 60);
      if (gate.ready_at(amount) > now)
        continue;
      gate.take(amount, now);
      passed.emplace_back(now, amount);
    }
    REQUIRE(passed.size() > 50);
    for (std::size_t first = 0; first < passed.size(); first += 7) {
      double sum = 0;
      for (auto i = first; i < passed.size() && i < first + 300; ++i) {
        sum += static_cast<double>(passed[i].second);
        const std::chrono::duration<double, std::ratio<60>> minutes =
            passed[i].first - passed[first].first;
        const std::chrono::duration<double, std::ratio<60>> more = burst;
        const auto most =
            static_cast<double>(per_minute) * (minutes.count() + more.count());
        REQUIRE(sum <= most + 1e-3);
      }
    }
  }
}

TEST_CASE("C6: a rate is used up fully when there is enough to do",
          "[admission]") {
  rate_gate gate{600};
  auto now = start;
  std::uint64_t passed = 0;
  while (now < start + 60s) {
    now = std::max(now, gate.ready_at(1));
    gate.take(1, now);
    ++passed;
  }
  CHECK(passed >= 699); // a minute's, and the burst of ten seconds
  CHECK(passed <= 701);
}

TEST_CASE("more than the burst passes when nothing is owed, and is owed then",
          "[admission]") {
  rate_gate gate{600}; // a burst of 100
  CHECK(gate.ready_at(1'000) <= start);
  gate.take(1'000, start);
  CHECK(gate.ready_at(1) > start + 89s);
  CHECK(gate.ready_at(1) < start + 91s);
  CHECK(gate.ready_at(1'000) == start + 100s);
  gate.take(UINT64_MAX, start); // no overflow
  CHECK(gate.ready_at(1) > start + 20h);
  CHECK(gate.ready_at(UINT64_MAX) < start + 40h);
}

TEST_CASE("what was not used is given back", "[admission]") {
  rate_gate gate{600};
  gate.take(600, start);
  gate.correct(600, 100);
  CHECK(gate.ready_at(1) < start + 1s);
  rate_gate free{0};
  free.take(1'000'000, start);
  free.correct(5, 9);
  CHECK(free.ready_at(1'000'000) <= start);
}

TEST_CASE("a refusal for too many leaves fewer at one time, once for all that "
          "were open",
          "[admission]") {
  adaptive_limit limit{100};
  std::vector<std::uint64_t> open;
  for (int i = 0; i < 20; ++i)
    open.push_back(limit.begin());
  for (const auto epoch : open)
    limit.refused(epoch);
  CHECK(limit.limit() == 14); // seven tenths of the 20 that were open
  CHECK(limit.open() == 0);
}

TEST_CASE("fewer at one time become more again with successes", "[admission]") {
  adaptive_limit limit{50};
  for (int i = 0; i < 9; ++i)
    (void)limit.begin();
  limit.refused(limit.begin());
  REQUIRE(limit.limit() == 7);
  for (int i = 0; i < 9; ++i)
    limit.ended();
  const auto succeed = [&](int count) {
    for (int i = 0; i < count; ++i) {
      (void)limit.begin();
      limit.succeeded();
    }
  };
  succeed(8);
  CHECK(limit.limit() == 8);
  succeed(10'000);
  CHECK(limit.limit() == 50); // never above the most
}

TEST_CASE("however often it is refused, one call may go", "[admission]") {
  adaptive_limit limit{0};
  for (int i = 0; i < 100; ++i)
    limit.refused(limit.begin());
  CHECK(limit.limit() == 1);
  CHECK(limit.has_room());
  (void)limit.begin();
  CHECK_FALSE(limit.has_room());
}

TEST_CASE("calls find the limit of a provider that tells it by refusals only",
          "[admission]") {
  // It bears 12 at one time, and refuses those beyond.
  adaptive_limit limit{0};
  std::deque<std::uint64_t> open;
  std::uint64_t refused = 0, done = 0;
  for (int round = 0; round < 3'000; ++round) {
    while (limit.has_room() && open.size() < 100)
      open.push_back(limit.begin());
    while (open.size() > 12) {
      limit.refused(open.back());
      open.pop_back();
      ++refused;
    }
    limit.succeeded();
    open.pop_front();
    ++done;
  }
  CHECK(done == 3'000);
  CHECK(limit.limit() >= 7);
  CHECK(limit.limit() <= 14);
  CHECK(refused < done / 10);
}
