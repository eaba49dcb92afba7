#include "support/runtime/store_world.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::duration;
using protocol::errc;
using test::at_ns;
using test::store_world;

namespace {

bool is_done(const commit_result& it) {
  return it.outcome == commit_outcome::committed;
}

std::vector<std::string> bodies(const std::vector<claimed_task>& all) {
  std::vector<std::string> out;
  for (const auto& it : all)
    out.push_back(it.body);
  return out;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("Q2: only the newest token of a task may ack, give back and extend",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  const auto id = it.done(enqueue_task{"q", "work", {}, {}});
  CHECK_FALSE(is_done(it.commit({ack_task{id, 0}}))); // never claimed
  const auto first = it.claim().at(0);
  CHECK(first.task == id);
  CHECK(first.attempt == 1);
  CHECK(it.claim().empty());
  it.now += it.lease; // its very end: run out
  CHECK_FALSE(it->extend(id, first.token, it.lease, it.now).value());
  const auto second = it.claim().at(0);
  CHECK(second.task == id);
  CHECK(second.token > first.token);
  CHECK(second.attempt == 2);
  it.open_again();
  const auto stale = it.commit({ack_task{id, first.token}});
  CHECK(stale.outcome == commit_outcome::refused);
  CHECK(stale.why.code == errc::version_conflict);
  CHECK_FALSE(is_done(it.commit({nack_task{id, first.token, {}}})));
  CHECK_FALSE(is_done(it.commit({ack_task{id + 1, second.token}})));
  CHECK_FALSE(it->extend(id, first.token, it.lease, it.now).value());
  CHECK(it->extend(id, second.token, duration{500}, it.now).value());
  it.now += duration{499};
  CHECK(it.claim().empty());
  CHECK(is_done(it.commit({ack_task{id, second.token}})));
  CHECK_FALSE(is_done(it.commit({ack_task{id, second.token}})));
  CHECK_FALSE(it->extend(id, second.token, it.lease, it.now).value());
  it.now += duration{5'000};
  CHECK(it.claim().empty());
}

TEST_CASE("Q2: who lets a lease run out may still ack while nobody else has "
          "the task",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  it.done(enqueue_task{"q", "work", {}, {}});
  const auto task = it.claim().at(0);
  it.now += duration{1'000};
  CHECK(is_done(it.commit({ack_task{task.task, task.token}})));
}

TEST_CASE("Q4: a completion and its effects are one commit, once", "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  it.done(enqueue_task{"q", "work", {}, {}});
  const auto slow = it.claim().at(0);
  it.now += it.lease;
  const auto quick = it.claim().at(0);
  for (const auto& by : {quick, slow, quick})
    (void)it.commit({put_value{"result", std::to_string(by.attempt)},
                     credit_account{"done", 1}, ack_task{by.task, by.token}});
  CHECK(it.value("result").value == "2");
  CHECK(it->funds("done").value() == 1);
}

TEST_CASE("Q3: a task that is given back comes again after its delay",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  const auto id = it.done(enqueue_task{"q", "work", {}, {}});
  const auto first = it.claim().at(0);
  REQUIRE(is_done(it.commit({nack_task{id, first.token, duration{50}}})));
  CHECK(it.changes().back() == store_change{2, change_kind::enqueued, "q", id});
  // It is nobody's now.
  CHECK_FALSE(is_done(it.commit({ack_task{id, first.token}})));
  CHECK_FALSE(is_done(it.commit({nack_task{id, first.token, {}}})));
  CHECK_FALSE(it->extend(id, first.token, it.lease, it.now).value());
  it.now += duration{49};
  CHECK(it.claim().empty());
  it.now += duration{1};
  const auto second = it.claim().at(0);
  CHECK(second.attempt == 2);
  CHECK(second.token > first.token);
  // Of a delay below 0 and of one beyond all time.
  REQUIRE(is_done(it.commit({nack_task{id, second.token, duration{-5}}})));
  const auto third = it.claim().at(0);
  REQUIRE(is_done(it.commit({nack_task{id, third.token, duration::max()}})));
  it.now += duration{1'000'000};
  CHECK(it.claim().empty());
}

TEST_CASE("tasks that were due first come first, each queue by itself",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  it.now = at_ns(1'000);
  it.done(enqueue_task{"q", "at 1200", at_ns(1'200), {}});
  it.done(enqueue_task{"q", "at 1100", at_ns(1'100), {}});
  it.done(enqueue_task{"q", "at once", {}, {}});
  it.done(enqueue_task{"q", "long ago", at_ns(3), {}});
  it.done(enqueue_task{"q2", "other", {}, {}});
  it.done(enqueue_task{std::string{"q\0", 2}, "nul", {}, {}});
  it.done(enqueue_task{"q", "never", protocol::instant::max(), {}});
  it.lease = duration{1'000};
  CHECK(it.claim(0).empty());
  CHECK(bodies(it.claim(1)) == names{"at once"});
  CHECK(bodies(it.claim()) == names{"long ago"});
  it.now = at_ns(1'150);
  CHECK(bodies(it.claim()) == names{"at 1100"});
  it.now = at_ns(1'999);
  CHECK(bodies(it.claim()) == names{"at 1200"});
  it.now = at_ns(2'000);
  CHECK(bodies(it.claim(9)) == names{"at once", "long ago"});
  CHECK(bodies(it.claim(9, "q2")) == names{"other"});
  CHECK(it.claim(9, "").empty());
}

TEST_CASE("a task with a key is there once", "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  const auto id = it.done(enqueue_task{"q", "first", {}, "k"});
  CHECK(it.done(enqueue_task{"q", "second", {}, "k"}) == id);
  CHECK(it.done(enqueue_task{"q2", "elsewhere", {}, "k"}) != id);
  CHECK(it.done(enqueue_task{"q", "no key", {}, {}}) != id);
  CHECK(it.done(enqueue_task{"q", "no key", {}, {}}) != id);
  CHECK(it.changes().size() == 4);
  const auto task = it.claim(1).at(0);
  CHECK(task.body == "first");
  CHECK(it.done(enqueue_task{"q", "while it is worked on", {}, "k"}) == id);
  REQUIRE(is_done(it.commit({ack_task{task.task, task.token}})));
  it.open_again();
  CHECK(it.done(enqueue_task{"q", "third", {}, "k"}) > id);
}

TEST_CASE("one at a time holds a lease, and its tokens never go back",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  const auto take = [&](std::uint64_t token, duration ttl = duration{100}) {
    return it->lease("leader", token, ttl, it.now).value();
  };
  const auto first = take(0);
  REQUIRE(first > 0);
  CHECK(take(0) == 0);
  CHECK(take(first + 1) == 0);
  CHECK(take(first) == first);
  it.now += duration{99};
  CHECK(take(0) == 0);
  CHECK(take(first) == first); // for 100 more
  it.now += duration{99};
  it.open_again();
  CHECK(take(0) == 0);
  it.now += duration{1};
  const auto second = take(first); // it has run out: not held on to
  CHECK(second > first);
  REQUIRE(it->release("leader", first));
  CHECK(take(0) == 0);
  REQUIRE(it->release("leader", second));
  const auto third = take(0);
  CHECK(third > second);
  CHECK(it->lease("other", 0, duration{100}, it.now).value() > 0);
  REQUIRE(it->release("leader", third));
  it.open_again();
  CHECK(take(third) > third);
}

TEST_CASE("N3: who has lost a lease commits nothing under it", "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  const auto put_under = [&](std::uint64_t token) {
    return it.commit({put_value{"k", "x"}}, {require_lease{"leader", token}});
  };
  CHECK_FALSE(is_done(put_under(0))); // nobody holds it
  const auto first = it->lease("leader", 0, duration{100}, it.now).value();
  CHECK(is_done(put_under(first)));
  CHECK_FALSE(is_done(put_under(0)));
  CHECK_FALSE(is_done(put_under(first + 1)));
  it.now += duration{99};
  CHECK(is_done(put_under(first)));
  it.now += duration{1};
  const auto late = put_under(first);
  CHECK(late.outcome == commit_outcome::refused);
  CHECK(late.failed_requirement == std::size_t{0});
  CHECK(late.why.code == errc::version_conflict);
  const auto second = it->lease("leader", 0, duration{100}, it.now).value();
  CHECK_FALSE(is_done(put_under(first)));
  CHECK(is_done(put_under(second)));
  REQUIRE(it->release("leader", second));
  CHECK_FALSE(is_done(put_under(second)));
}

TEST_CASE("Q1: what was enqueued is done or still there, whatever its workers "
          "do",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  std::uint64_t seed = 17;
  const auto dice = [&seed] {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return seed >> 40U;
  };
  std::size_t enqueued = 0;
  std::size_t done = 0;
  for (int round = 0; round < 60; ++round) {
    for (auto left = dice() % 4; left > 0; --left, ++enqueued)
      it.done(enqueue_task{"q", "work", {}, {}});
    it.now += duration{static_cast<std::int64_t>(dice() % 80)};
    for (const auto& task : it.claim(dice() % 5)) {
      const auto fate = dice() % 4;
      if (fate == 0)
        done += is_done(it.commit({ack_task{task.task, task.token}})) ? 1 : 0;
      else if (fate == 1)
        REQUIRE(is_done(it.commit({nack_task{task.task, task.token, {}}})));
      else if (fate == 2)
        it.open_again();
    }
  }
  it.now += duration{1'000};
  CHECK(it.claim(10'000).size() == enqueued - done);
  CHECK(done > 10);
}
