// A node's slices of the accounts that all nodes share.
#include "support/actors/show_result.hpp"
#include "support/rounds.hpp"
#include "support/shared_ledger/quota_world.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::cluster;
using protocol::errc;
using protocol::instant;
using protocol::settlement;
using test::quota_world;

TEST_CASE("B8: whatever is lost, late or doubled, nodes together never spend "
          "more than a limit; healed, all is settled to the nano-dollar",
          "[quota]") {
  std::uint64_t paid = 0;
  std::uint64_t unreachable = 0;
  std::uint64_t exhausted = 0;
  for (std::uint64_t seed = 1; seed <= test::rounds(160); ++seed) {
    CAPTURE(seed);
    quota_world it{seed};
    for (int i = 0; i < 3'000; ++i) {
      it.step();
      REQUIRE(it.problem() == "");
    }
    REQUIRE(it.heal());
    REQUIRE(it.problem() == "");
    // Each call was told something before it had waited much too long.
    CHECK(it.longest_wait < 12s);
    if (!it.has_died)
      for (const auto& path : {"t", "t/a", "tag:x", "tag:n"})
        CHECK(it.account(path).spent.nano_usd == it.spent(path).nano_usd);
    paid += it.paid;
    unreachable += it.refusals[errc::unreachable];
    exhausted += it.refusals[errc::budget_exhausted];
  }
  CHECK(paid > test::rounds(160) * 200);
  CHECK(unreachable > 0);
  CHECK(exhausted > 0);
}

TEST_CASE("a slice pays many calls: one question for hundreds of them",
          "[quota]") {
  quota_world it{1, 3};
  for (int i = 0; i < 3'000; ++i) {
    it.call(static_cast<std::size_t>(i % 3), 10);
    if (i % 5 == 0)
      it.step(true);
  }
  CHECK(it.refused == 0);
  CHECK(it.paid == 3'000);
  CHECK(it.asked < 60);
}

TEST_CASE("the last of a limit reaches whoever asks for it, although others "
          "held slices",
          "[quota]") {
  quota_world it{2, 4};
  for (int i = 0; i < 400; ++i) { // 90 of 100 thousand, on all nodes
    it.call(static_cast<std::size_t>(i % 4), 225);
    it.step(true);
  }
  const auto left = it.account("t").limit - it.spent("t");
  REQUIRE(left.nano_usd > 5'000);
  const auto before = it.paid;
  for (int i = 0; i < 5; ++i)
    it.call(0, 1'000);
  for (int i = 0; i < 120; ++i)
    it.step(true);
  CHECK(it.paid == before + 5);
}

TEST_CASE("a node without a way to the leader spends what it holds, then "
          "nothing",
          "[quota]") {
  quota_rules it{{}, 1};
  const instant start{std::chrono::hours{1}};
  const shared_accounts by{"t", {}, false};
  const call_need need{{{10}, 1}, {{10}, 1}, {}, {}};
  it.take(1, by, need, start);
  const auto first = it.steps();
  REQUIRE(first.asks.size() == 1);
  CHECK(first.asks[0].most == slice_sums{{80}, 8});
  CHECK(first.asks[0].least == slice_sums{{10}, 1});
  CHECK(first.paid.empty());
  it.granted(first.asks[0].slice, {{30}, 3}, {}, start + 1s);
  for (std::uint64_t call = 2; call < 6; ++call)
    it.take(call, by, need, start + 2s);
  const auto then = it.steps();
  CHECK(then.paid.size() == 3); // the first, and two more
  const auto fail = [&](const quota_steps& steps, instant now) {
    for (const auto& ask : steps.asks)
      it.failed(ask.slice, protocol::fail(errc::unreachable, "cut"), now);
  };
  fail(then, start + 3s);
  auto now = start + 3s;
  std::vector<call_paid> told;
  while (now < start + 13s) {
    it.tick(now += 250ms);
    const auto next = it.steps();
    for (const auto& ask : next.asks) // always the same one
      CHECK(ask.slice == then.asks[0].slice);
    fail(next, now);
    told.insert(told.end(), next.paid.begin(), next.paid.end());
  }
  REQUIRE(told.size() == 2);
  CHECK(told[0].outcome.error().code == errc::unreachable);
}

TEST_CASE("a slice pays no new call from a margin before its lease ends",
          "[quota]") {
  quota_rules it{{}, 1};
  const instant start{std::chrono::hours{1}};
  const shared_accounts by{"t", {}, false};
  const call_need need{{{10}, 1}, {{10}, 1}, {}, {}};
  it.take(1, by, need, start);
  it.granted(it.steps().asks.at(0).slice, {{80}, 8}, {}, start + 1s);
  CHECK(it.steps().paid.size() == 1);
  it.take(2, by, need, start + 54s);
  CHECK(it.steps().paid.size() == 1);
  it.take(3, by, need, start + 55s);
  CHECK(it.steps().paid.empty());
}

TEST_CASE("calls that outlive their slice are moved to a new one of their "
          "size, and the old one is given back",
          "[quota]") {
  quota_rules it{{}, 1};
  instant now{std::chrono::hours{1}};
  const shared_accounts by{"t", {}, false};
  const call_need need{{{10}, 1}, {{10}, 1}, {}, {}};
  it.take(1, by, need, now);
  const auto first = it.steps().asks.at(0).slice;
  it.granted(first, {{80}, 8}, {}, now);
  (void)it.steps();
  it.tick(now += 3s); // the rest is of no use to this node
  const auto moved = it.steps();
  REQUIRE(moved.asks.size() == 1);
  CHECK(moved.asks[0].most == slice_sums{{10}, 1});
  it.granted(moved.asks[0].slice, {{10}, 1}, {}, now);
  const auto back = it.steps();
  REQUIRE(back.ends.size() == 1);
  CHECK(back.ends[0]
        == protocol::settle_budget{first, settlement::released, {}, 0});
  it.ended(first, {});
  it.settle(1, {{}, settlement::billed, {7}, 1}, now += 1s);
  it.settle(1, {{}, settlement::billed, {7}, 1}, now);
  it.tick(now += 3s);
  const auto end = it.steps();
  REQUIRE(end.ends.size() == 1);
  CHECK(end.ends[0]
        == protocol::settle_budget{
            moved.asks[0].slice, settlement::billed, {7}, 1});
  it.ended(moved.asks[0].slice, {});
  CHECK_FALSE(it.is_busy());
}

TEST_CASE("calls that are counted have a slice each, which ends as they do",
          "[quota]") {
  quota_rules it{{}, 1};
  const instant now{std::chrono::hours{1}};
  const shared_accounts by{"t", {"tag:n"}, true};
  const call_need need{{{10}, 1}, {{10}, 1}, 5min, {}};
  for (std::uint64_t call = 1; call <= 3; ++call)
    it.take(call, by, need, now);
  const auto asked = it.steps();
  REQUIRE(asked.asks.size() == 3);
  const std::vector<settlement> hows{settlement::unknown, settlement::released,
                                     settlement::billed};
  for (std::uint64_t i = 0; i < 3; ++i) {
    CHECK(asked.asks[i].lease == 5min);
    it.granted(asked.asks[i].slice, {{10}, 1}, {}, now);
    it.settle(i + 1, {{}, hows[i], {3}, 1}, now);
  }
  const auto ends = it.steps().ends;
  REQUIRE(ends.size() == 3);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(ends[i].outcome == hows[i]);
}

TEST_CASE("a call that nobody settles counts in full when its lease passes",
          "[quota]") {
  quota_rules it{{}, 1};
  instant now{std::chrono::hours{1}};
  const call_need need{{{10}, 1}, {{10}, 1}, 20s, {}};
  it.take(1, {"t", {}, false}, need, now);
  it.granted(it.steps().asks.at(0).slice, {{10}, 1}, {}, now);
  (void)it.steps();
  for (int i = 0; i < 100; ++i)
    it.tick(now += 250ms);
  const auto ends = it.steps().ends;
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].outcome == settlement::billed);
  CHECK(ends[0].actual.nano_usd == 10);
}
