// State rules that show what another store decides, or go on where it ended.
#include "support/actors/show_result.hpp"
#include "support/actors/state_desk.hpp"
#include "support/protocol/random_source.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::test::random_source;
using test::put;
using test::remove_key;
using test::state_desk;

namespace {

/// A store whose commits are noted, to be told to others.
struct telling_desk : state_desk {
  telling_desk() {
    rules.on_commit(
        [this](const shared_update& it) { commits.push_back(it->get()); });
  }
  void write_some(random_source& random, int count) {
    for (int i = 0; i < count; ++i) {
      const auto key = "k" + std::to_string(random.below(9));
      if (random.below(4) == 0)
        (void)write({remove_key(key)});
      else
        REQUIRE(write({put(key, std::to_string(random.below(99)))}));
      now += 1ms;
    }
  }
  kept_state kept(std::size_t commits_max) {
    kept_state it;
    it.revision = rules.revision();
    it.entries = list({})->entries;
    const auto count = std::min(commits_max, commits.size());
    it.commits.assign(commits.end() - static_cast<std::ptrdiff_t>(count),
                      commits.end());
    return it;
  }
  std::vector<protocol::state_update> commits;
};

std::vector<protocol::state_entry> all_of(state_desk& it) {
  return it.list({})->entries;
}

} // namespace

TEST_CASE("a replica that is told each commit shows the same state",
          "[state_rules]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    random_source random{seed};
    telling_desk leader;
    state_desk replica;
    replica.rules.become_replica();
    state_view view;
    replica.follow("", true, 10'000);
    for (int round = 0; round < 10; ++round) {
      const auto told = leader.commits.size();
      leader.write_some(random, 20);
      for (auto i = told; i < leader.commits.size(); ++i)
        REQUIRE(replica.rules.take(leader.commits[i], replica.now));
      for (const auto& it : replica.sent())
        REQUIRE(test::apply(view, it) != view_step::broken);
      CHECK(all_of(replica) == all_of(leader));
      CHECK(replica.rules.revision() == leader.rules.revision());
    }
    CHECK(view.entries().size() == all_of(leader).size());
    CHECK(view.revision() == leader.rules.revision());
  }
}

TEST_CASE("a replica takes no commit but the next", "[state_rules]") {
  random_source random{1};
  telling_desk leader;
  leader.write_some(random, 20);
  REQUIRE(leader.commits.size() > 2);
  state_desk replica;
  replica.rules.become_replica();
  const auto early = replica.rules.take(leader.commits[1], replica.now);
  REQUIRE_FALSE(early);
  CHECK(early.error().code == errc::invalid_request);
  REQUIRE(replica.rules.take(leader.commits[0], replica.now));
  CHECK_FALSE(replica.rules.take(leader.commits[0], replica.now));
  CHECK(replica.rules.revision() == 1);
}

TEST_CASE("P2: followers of a replica that has missed something are told a gap",
          "[state_rules]") {
  random_source random{7};
  telling_desk leader;
  state_desk replica;
  replica.rules.become_replica();
  state_view view;
  replica.follow("", true, 10'000);
  leader.write_some(random, 10);
  for (const auto& it : leader.commits)
    REQUIRE(replica.rules.take(it, replica.now));
  for (const auto& it : replica.sent())
    REQUIRE(test::apply(view, it) != view_step::broken);
  leader.write_some(random, 50);
  replica.rules.take(leader.rules.revision(), all_of(leader), replica.now);
  std::size_t gaps = 0;
  for (const auto& it : replica.sent()) {
    gaps += std::holds_alternative<protocol::subscription_gap>(it.message);
    REQUIRE(test::apply(view, it) != view_step::broken);
  }
  CHECK(gaps == 1);
  CHECK(view.is_current());
  CHECK(view.revision() == leader.rules.revision());
  CHECK(view.entries().size() == all_of(leader).size());
}

TEST_CASE("P8: nothing expires in a replica before its leader says so",
          "[state_rules]") {
  telling_desk leader;
  state_desk replica;
  replica.rules.become_replica();
  auto soon = put("a", "1");
  soon.ttl = 1s;
  REQUIRE(leader.write({soon}));
  REQUIRE(replica.rules.take(leader.commits.back(), replica.now));
  replica.now += 1h;
  CHECK(replica.version("a") == 1);
  leader.now += 1h;
  leader.rules.expire(leader.now);
  REQUIRE(replica.rules.take(leader.commits.back(), replica.now));
  CHECK_FALSE(replica.version("a"));
}

TEST_CASE("P1: a store goes on where the one before has ended",
          "[state_rules]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    random_source random{seed};
    telling_desk first;
    first.write_some(random, 60);
    const auto at_follower = first.rules.revision() - 5;
    state_desk next;
    next.rules.restore(first.kept(20));
    CHECK(all_of(next) == all_of(first));
    CHECK(next.rules.revision() == first.rules.revision());
    // Who was told up to some revision is told what came behind it, no gap.
    next.follow("", true, 100, at_follower);
    auto expected = at_follower;
    for (const auto& it : next.sent()) {
      const auto* update = std::get_if<shared_update>(&it.message);
      REQUIRE(update != nullptr);
      CHECK((*update)->get().body.revision == ++expected);
    }
    CHECK(expected == first.rules.revision());
    for (const auto& it : all_of(first)) {
      REQUIRE(next.write({put(it.key, "0", it.version)}));
      CHECK(next.version(it.key) == it.version + 1);
    }
    const auto fresh = next.write({put("fresh", "0")});
    REQUIRE(fresh);
    CHECK(fresh->versions.front() > first.rules.revision());
  }
}
