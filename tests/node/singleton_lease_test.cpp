// Histories at random of processes of which at most one may serve.
#include "singleton_lease.hpp"
#include "support/actors/show_result.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

#include <vector>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::cluster;
using protocol::duration;
using protocol::errc;
using protocol::test::random_source;

namespace {

/// A clock that goes wrong by some millionths, from a beginning of its own.
struct bad_clock {
  std::int64_t ppm = 0;
  duration begin{};

  [[nodiscard]] duration at(duration real) const {
    return begin + real + real / 1'000'000 * ppm;
  }
  /// The first real moment at which it shows as much, or a little before.
  [[nodiscard]] duration real_of(duration shown) const {
    return (shown - begin) / (1'000'000 + ppm) * 1'000'000 - 2ms;
  }
};

/// The store's side, by its own clock.
struct lease_store {
  std::uint64_t ask(std::uint64_t token, duration ttl, duration now) {
    if (until > now && (token == 0 || token != held))
      return 0;
    if (until <= now)
      held = ++last;
    until = now + ttl;
    return held;
  }
  void release(std::uint64_t token, duration) {
    if (token == held)
      until = duration::min();
  }

  std::uint64_t held = 0;
  std::uint64_t last = 0;
  duration until = duration::min();
};

/// A question on its way, or its answer.
struct letter {
  std::size_t who = 0;
  std::uint64_t question = 0; ///< Its number.
  duration due{};
  std::uint64_t token = 0;
  bool is_answer = false;
};

struct process {
  singleton_lease lease;
  bad_clock clock;
  duration wakes{}; ///< It stands still until then.
  std::uint64_t asked = 0;
};

struct history {
  history(std::uint64_t seed, const singleton_limits& its, std::int64_t error)
      : limits(its), random(seed) {
    const auto ppm = [&] {
      return static_cast<std::int64_t>(
                 random.below(static_cast<std::size_t>(error) + 1))
             - error / 2;
    };
    server.ppm = ppm();
    for (int i = 0; i < 4; ++i)
      all.push_back(
          {singleton_lease{limits}, {ppm(), seconds(100'000)}, duration{}, 0});
  }

  duration seconds(std::size_t most) {
    return std::chrono::milliseconds{
        static_cast<std::int64_t>(random.below(most * 1'000 + 1))};
  }

  /// Mostly short; sometimes longer than a lease.
  duration delay() { return random.below(20) == 0 ? seconds(40) : seconds(1); }

  void step() {
    now += std::chrono::milliseconds{1 + random.below(400)};
    deliver();
    for (std::size_t i = 0; i < all.size(); ++i)
      act(i);
    count();
  }

  void deliver() {
    for (std::size_t i = 0; i < letters.size(); ++i) {
      auto it = letters[i];
      if (it.due > now || (it.is_answer && all[it.who].wakes > now))
        continue;
      letters.erase(letters.begin() + static_cast<std::ptrdiff_t>(i--));
      if (!it.is_answer) {
        it.token = store.ask(it.token, limits.ttl, server.at(now));
        it.is_answer = true;
        it.due = now + delay();
        if (random.below(10) != 0) // else it is lost
          letters.push_back(it);
      } else if (it.question == all[it.who].asked) {
        all[it.who].lease.answered(it.token);
      }
    }
  }

  void act(std::size_t i) {
    auto& it = all[i];
    if (it.wakes > now)
      return;
    if (random.below(150) == 0)
      it.wakes = now + seconds(60);
    const auto local = it.clock.at(now);
    if (it.lease.may_serve(local) && random.below(300) == 0) {
      store.release(it.lease.step_down(), server.at(now));
      ++it.asked;
      return;
    }
    if (random.below(200) == 0)
      it.lease.failed();
    if (!it.lease.should_ask(local))
      return;
    const auto token = it.lease.ask(local);
    letters.push_back({i, ++it.asked, now + delay(), token, false});
  }

  /// Also who stands still: what it does when it goes on is looked at then.
  void count() {
    int serving = 0;
    for (const auto& it : all)
      serving += it.lease.may_serve(it.clock.at(now)) ? 1 : 0;
    served += serving > 0 ? 1 : 0;
    overlaps += serving > 1 ? 1 : 0;
    // The lease in the store outlives the service, to the last moment of it.
    for (const auto& it : all)
      if (it.lease.may_serve(it.clock.at(now))
          && (store.held != it.lease.token()
              || server.at(it.clock.real_of(it.lease.until())) > store.until))
        ++broken;
  }

  singleton_limits limits;
  random_source random;
  bad_clock server;
  lease_store store;
  std::vector<process> all;
  std::vector<letter> letters;
  duration now{};
  int served = 0;
  int overlaps = 0;
  int broken = 0;
};

} // namespace

TEST_CASE(
    "N2, N4: at most one serves at any moment, with clocks that go wrong, "
    "late answers and processes that stand still",
    "[singleton]") {
  singleton_limits limits;
  limits.clock_error_ppm = 50'000;
  limits.margin = 0s;
  int served = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    history it{seed, limits, 50'000};
    for (int i = 0; i < 2'000; ++i)
      it.step();
    REQUIRE(it.overlaps == 0);
    REQUIRE(it.broken == 0);
    served += it.served;
  }
  CHECK(served > 60 * 1'000); // and mostly one does
}

TEST_CASE("clocks that go wrong by more than was said are seen by this test",
          "[singleton]") {
  singleton_limits limits;
  limits.clock_error_ppm = 0;
  limits.margin = 0s;
  int broken = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    history it{seed, limits, 300'000};
    for (int i = 0; i < 2'000; ++i)
      it.step();
    broken += it.broken;
  }
  CHECK(broken > 0);
}

TEST_CASE("the service stops a margin before its lease can end",
          "[singleton]") {
  singleton_lease it{{15s, 3s, 3s, 5s, 1'000}};
  CHECK(it.should_ask(0s));
  CHECK(it.ask(100s) == 0);
  CHECK_FALSE(it.should_ask(104s));
  CHECK(it.should_ask(105s)); // not answered
  it.answered(7);
  CHECK(it.token() == 7);
  CHECK(it.until() < 112s - 15ms);
  CHECK(it.until() > 112s - 16ms);
  CHECK(it.may_serve(111s));
  CHECK_FALSE(it.may_serve(112s)); // also after a pause, or a suspend
  CHECK(it.should_ask(103s));
  CHECK(it.ask(103s) == 7);
  it.failed();
  CHECK(it.may_serve(111s));
  CHECK(it.ask(106s) == 7);
  it.answered(0); // another has it
  CHECK_FALSE(it.may_serve(106s));
  CHECK(it.ask(110s) == 0);
  CHECK(it.step_down() == 0);
  it.answered(9); // too late
  CHECK_FALSE(it.may_serve(110s));
}

TEST_CASE("a lease that could not be extended in time is no lease",
          "[singleton]") {
  CHECK(check_limits({}));
  CHECK(check_limits({15s, 7s, 3s, 5s, 1'000}).error().code
        == errc::config_invalid);
  CHECK(check_limits({15s, -1s, 3s, 5s, 1'000}).error().code
        == errc::config_invalid);
  CHECK(check_limits({15s, 1s, 0s, 5s, 1'000}).error().code
        == errc::config_invalid);
  CHECK(check_limits({15s, 1s, 1s, 5s, 1'000'000}).error().code
        == errc::config_invalid);
}
