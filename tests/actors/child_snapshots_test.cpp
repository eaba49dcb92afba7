#include "support/actors/nursery.hpp"
#include "support/catch.hpp"

#include <troupe/actors/child_snapshots.hpp>

#include <random>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::result;

TEST_CASE("S12: a life begins with the last whole snapshot, or fresh",
          "[child_snapshots]") {
  child_snapshots kept{{3, 10}};
  CHECK_FALSE(kept.begin(1).has_value());
  CHECK(kept.save(1, "one").has_value());
  CHECK(kept.save(1, "two").has_value());
  const auto large = kept.save(1, std::string(11, 'x'));
  REQUIRE(large.has_error());
  CHECK(large.error().code == errc::limit_exceeded);
  CHECK(kept.begin(2) == "two");
}

TEST_CASE("what an earlier life saves late is refused", "[child_snapshots]") {
  child_snapshots kept;
  (void)kept.begin(1);
  CHECK(kept.save(1, "mine").has_value());
  (void)kept.begin(2);
  const auto late = kept.save(1, "late");
  REQUIRE(late.has_error());
  CHECK(late.error().code == errc::outdated_incarnation);
  CHECK(kept.begin(3) == "mine");
}

TEST_CASE("S12: a snapshot that makes lives crash is set aside",
          "[child_snapshots]") {
  child_snapshots kept{{2}};
  (void)kept.begin(1);
  CHECK(kept.save(1, "bad").has_value());
  kept.ended(1, true); // with the state it had, not with the snapshot
  CHECK(kept.begin(2) == "bad");
  kept.ended(2, true);
  CHECK(kept.remark() == "snapshot of 3 bytes, 1 crash with it");
  CHECK(kept.begin(3) == "bad");
  kept.ended(2, true); // heard of twice
  kept.ended(3, true);
  CHECK_FALSE(kept.begin(4).has_value());
  CHECK(kept.set_aside() == "bad");
  CHECK(kept.remark() == "no snapshot, 1 set aside");
}

TEST_CASE("a life that saved another one has no crash against the first",
          "[child_snapshots]") {
  child_snapshots kept{{1}};
  (void)kept.begin(1);
  CHECK(kept.save(1, "a").has_value());
  CHECK(kept.begin(2) == "a");
  CHECK(kept.save(2, "b").has_value());
  kept.ended(2, true);
  CHECK(kept.begin(3) == "b");
  kept.ended(3, false); // it was stopped
  CHECK(kept.begin(4) == "b");
}

TEST_CASE("random lives begin with what was last saved, or with nothing",
          "[child_snapshots]") {
  const auto seed = GENERATE(range(1U, 11U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  child_snapshots kept{{3}};
  std::string last;
  std::uint64_t life = 0;
  for (int i = 0; i < 1'000; ++i) {
    if (const auto begun = kept.begin(++life))
      REQUIRE(*begun == last);
    if (random() % 3 == 0) {
      last = "s" + std::to_string(i);
      REQUIRE(kept.save(life, last).has_value());
    }
    if (life > 1)
      REQUIRE(kept.save(life - 1, "half").has_error());
    kept.ended(life, random() % 2 == 0);
  }
}

TEST_CASE("a supervised child goes on from its snapshot, or starts fresh",
          "[child_snapshots][supervisor]") {
  test::nursery it;
  const auto kept = std::make_shared<child_snapshots>(snapshot_limits{2});
  std::vector<std::string> begun;
  auto spec = with_snapshots(
      it.child("a"), kept,
      [&](caf::actor_system& system, std::uint64_t incarnation,
          std::optional<std::string> snapshot) -> result<caf::actor> {
        begun.push_back(snapshot.value_or("fresh"));
        if (!snapshot)
          REQUIRE(kept->save(incarnation, "s").has_value());
        return test::spawn_child(system, "a", test::manner::obedient, it.notes);
      });
  it.open({std::move(spec)});
  for (int i = 0; i < 3; ++i)
    it.tell("a", "throw");
  CHECK(begun == std::vector<std::string>{"fresh", "s", "s", "fresh"});
  const auto told = it.world.answer<supervisor_described>(
      it.supervisor, describe_supervisor{});
  REQUIRE(told.has_value());
  CHECK(told->children[0].remark == "snapshot of 1 bytes, 1 set aside");
  CHECK(told->children[0].last_end == "exception");
  CHECK(told->children[0].recent == 3);
}
