#include "support/actors/supervision_plans.hpp"
#include "support/catch.hpp"
#include "support/rounds.hpp"

#include <random>

using namespace std::chrono_literals;
using namespace troupe::actors;
using namespace troupe::test;

namespace {

using list = supervision_world::lines;
using enum restart_strategy;
using enum restart_type;

const supervisor_rules::time_point start{std::chrono::hours{1}};

/// The orders of one kind.
template <class Order>
std::vector<Order> all_of(const supervisor_commands& commands) {
  std::vector<Order> result;
  for (const auto& it : commands)
    if (const auto* const order = std::get_if<Order>(&it))
      result.push_back(*order);
  return result;
}

supervisor_rules::settings with(restart_strategy strategy) {
  supervisor_rules::settings it;
  it.how.strategy = strategy;
  it.incarnations_before = 100;
  return it;
}

} // namespace

TEST_CASE("exactly as many restarts as the intensity are allowed",
          "[supervisor_rules]") {
  for (const std::uint32_t intensity : {0U, 1U, 3U, 10U}) {
    supervision_world it{plan(one_for_one, intensity, {worker("a")})};
    for (std::uint32_t i = 0; i < intensity; ++i) {
      it.crash("a", child_end::normal);
      it.run();
      CHECK_FALSE(it.end());
    }
    it.crash("a", child_end::normal);
    it.run();
    REQUIRE(it.end());
    CHECK(it.end()->why == supervisor_end::restart_limit);
  }
}

TEST_CASE("the window of the intensity slides", "[supervisor_rules]") {
  restart_window window{2, 5s};
  CHECK(window.add(start));
  CHECK(window.add(start + 3s));
  CHECK(window.add(start + 5s + 1ms));
  CHECK(window.add(start + 8s + 1ms));
  CHECK_FALSE(window.add(start + 8s + 2ms));
}

TEST_CASE("a restart at the very end of the period still counts",
          "[supervisor_rules]") {
  restart_window window{1, 5s};
  CHECK(window.add(start));
  CHECK_FALSE(window.add(start + 5s));
}

TEST_CASE("the window stands still while restarts are put off",
          "[supervisor_rules]") {
  restart_window window{1, 5s};
  CHECK(window.add(start));
  window.stand_still(start + 1s);
  window.stand_still(start + 2s);
  window.go_on(start + 3h);
  window.go_on(start + 4h);
  CHECK_FALSE(window.add(start + 4h + 3s));
}

TEST_CASE("pauses double up to their cap, and may be any shorter",
          "[supervisor_rules]") {
  const restart_backoff how{100ms, 1'000ms};
  const std::chrono::milliseconds limits[] = {100ms, 200ms,   400ms,
                                              800ms, 1'000ms, 1'000ms};
  std::mt19937_64 random{7};
  for (std::uint32_t i = 0; i < 6; ++i) {
    auto longest = std::chrono::nanoseconds{0};
    for (int tries = 0; tries < 200; ++tries) {
      const auto pause = pause_before_restart(how, i, random());
      CHECK(pause <= limits[i]);
      CHECK(pause >= 0ms);
      longest = std::max<std::chrono::nanoseconds>(longest, pause);
    }
    CHECK(longest > limits[i] / 2);
  }
  CHECK(pause_before_restart(how, 4'000'000'000U, 1'000'000'000) == 1s);
  CHECK(pause_before_restart({}, 3, random()) == 0s);
  CHECK(pause_before_restart({24h, 24h}, 99, ~0ULL) <= 24h);
}

TEST_CASE("pauses make no room for more restarts", "[supervisor_rules]") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    auto how = plan(one_for_one, 5, {failing("a", 2, 999), worker("b")});
    how.how.period = 1s;
    how.how.backoff = {10s, 60s};
    supervision_world it{how, seed};
    const auto begin = it.now();
    it.crash("a", child_end::abnormal);
    it.settle();
    INFO("seed " << seed);
    REQUIRE(it.end());
    CHECK(it.starts("a") == 6);
    CHECK(it.now() - begin > 1s);
  }
}

TEST_CASE("siblings wait stopped while a restart is put off",
          "[supervisor_rules]") {
  auto how = plan(one_for_all, 5, {worker("a"), worker("b")});
  how.how.backoff = {10s, 60s};
  supervision_world it{how, 1};
  it.take();
  it.crash("a", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"-b"});
  CHECK(it.children("top") == list{"a restarting", "b idle"});
  it.settle();
  CHECK(it.take() == list{"+a", "+b"});
}

TEST_CASE("the end of an earlier life changes nothing", "[supervisor_rules]") {
  supervisor_rules rules{with(one_for_one)};
  auto orders = all_of<start_order>(rules.open({{"a"}}, start));
  REQUIRE(orders.size() == 1);
  const auto first = orders[0].who;
  CHECK(first.incarnation == 101);
  (void)rules.started(first, start);
  orders = all_of<start_order>(rules.ended(first, child_end::normal, start));
  REQUIRE(orders.size() == 1);
  const auto second = orders[0].who;
  CHECK(second.incarnation == 102);
  CHECK(rules.started(first, start).empty());
  CHECK(rules.ended(first, child_end::abnormal, start).empty());
  CHECK(rules.start_failed(first, "", start).empty());
  (void)rules.started(second, start);
  CHECK(rules.ended(first, child_end::abnormal, start).empty());
  CHECK(rules.ended({99, 102}, child_end::abnormal, start).empty());
  CHECK(rules.children().count().active == 1);
  CHECK(
      all_of<start_order>(rules.ended(second, child_end::normal, start)).size()
      == 1);
  CHECK(rules.ended(second, child_end::normal, start).empty()); // told twice
}

TEST_CASE("numbers of lives are not used again by a child of the same id",
          "[supervisor_rules]") {
  supervisor_rules rules{with(one_for_one)};
  (void)rules.open({}, start);
  std::uint64_t last = 0;
  for (std::uint64_t i = 1; i < 9; i += 3) {
    const auto begun = all_of<start_order>(rules.start_child({"a"}, i, start));
    REQUIRE(begun.size() == 1);
    CHECK(begun[0].who.incarnation > last);
    last = begun[0].who.incarnation;
    (void)rules.started(begun[0].who, start);
    (void)rules.terminate_child("a", i + 1, start);
    (void)rules.ended(begun[0].who, child_end::shutdown, start);
    (void)rules.delete_child("a", i + 2, start);
    CHECK(rules.children().count().specs == 0);
  }
}

TEST_CASE("a sibling that dies while it waits to be stopped is no failure",
          "[supervisor_rules]") {
  auto slow = worker("c");
  slow.takes = 100ms;
  supervision_world it{plan(one_for_all, 1, {worker("a"), worker("b"), slow})};
  it.take();
  it.crash("b", child_end::abnormal);
  it.run();
  it.crash("a", child_end::abnormal);
  it.advance(100ms);
  CHECK(it.take() == list{"-c", "+a", "+b", "+c"});
  CHECK_FALSE(it.end());
}

TEST_CASE("one that dies beside a restart is dealt with after it",
          "[supervisor_rules]") {
  auto slow = worker("c");
  slow.takes = 100ms;
  supervision_world it{plan(rest_for_one, 2, {worker("a"), worker("b"), slow})};
  it.take();
  it.crash("b", child_end::abnormal);
  it.run();
  it.crash("a", child_end::abnormal);
  it.advance(50ms);
  CHECK(it.take().empty());
  it.advance(150ms);
  CHECK(it.take() == list{"-c", "+b", "+c", "-c", "-b", "+a", "+b", "+c"});
}

TEST_CASE("a stop gives up what is under way", "[supervisor_rules]") {
  auto slow = worker("b");
  slow.takes = 100ms;
  supervision_world it{plan(one_for_all, 2, {worker("a"), slow})};
  const auto asked = it.ask_terminate("top", "b");
  const auto waits = it.ask_start("top", worker("c"));
  it.take();
  it.stop();
  it.run();
  REQUIRE(it.answer_to(asked) != nullptr);
  CHECK(it.answer_to(asked)->what == child_answer::ending);
  REQUIRE(it.answer_to(waits) != nullptr);
  CHECK(it.answer_to(waits)->what == child_answer::ending);
  it.advance(100ms);
  CHECK(it.take() == list{"-b", "-a", "#top"});
}

TEST_CASE("one deadline is for the whole tree", "[supervisor_rules]") {
  std::vector<planned_child> slow;
  for (const auto* id : {"a", "b", "c", "d"}) {
    slow.push_back(worker(id));
    slow.back().takes = 900ms;
  }
  auto inner = plan(one_for_one, 1, {slow[2], slow[3]});
  supervision_world it{
      plan(one_for_one, 1, {slow[0], slow[1], nested("s", inner)})};
  it.take();
  it.stop(1s);
  it.advance(999ms);
  CHECK(it.take() == list{"-d"});
  it.advance(1ms);
  CHECK(it.take() == list{"xc", "xs", "xb", "xa", "#top"});
}

TEST_CASE("a deadline may be told when the stop has begun",
          "[supervisor_rules]") {
  auto slow = worker("a");
  slow.rule.shutdown = no_stop_limit;
  slow.hangs = true;
  supervision_world it{plan(one_for_one, 1, {slow})};
  it.take();
  it.stop();
  it.advance(24h);
  CHECK_FALSE(it.end());
  it.stop(1s);
  it.advance(1s);
  CHECK(it.take() == list{"xa", "#top"});
}

TEST_CASE("a child that is replaced twice before it stops is started once",
          "[supervisor_rules]") {
  supervisor_rules rules{with(one_for_one)};
  const auto who = all_of<start_order>(rules.open({{"a"}}, start)).at(0).who;
  (void)rules.started(who, start);
  auto first = rules.replace_child({"a", transient}, 1, start);
  CHECK(all_of<stop_order>(first).size() == 1);
  CHECK(all_of<answer_order>(first).size() == 1);
  const auto second = rules.replace_child({"a", temporary}, 2, start);
  CHECK(second.size() == 1);
  const auto after = rules.ended(who, child_end::shutdown, start);
  REQUIRE(all_of<start_order>(after).size() == 1);
  const auto fresh = all_of<start_order>(after)[0].who;
  CHECK(fresh.child == who.child);
  CHECK(rules.started(fresh, start).empty());
  CHECK(rules.children().all().at(who.child).rule.restart == temporary);
}

TEST_CASE("requests beyond the limit are refused", "[supervisor_rules]") {
  auto few = with(one_for_one);
  few.waiting_max = 2;
  supervisor_rules rules{few};
  (void)rules.open({{"a"}}, start); // whose start goes on
  CHECK(rules.start_child({"b"}, 1, start).empty());
  CHECK(rules.terminate_child("a", 2, start).empty());
  const auto refused = all_of<answer_order>(rules.delete_child("a", 3, start));
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].what == child_answer::overloaded);
  CHECK(refused[0].request == 3);
}

namespace {

/// A tree of supervisors in supervisors, each with workers.
planned_supervisor random_tree(std::mt19937_64& random, int depth, int& names) {
  auto it = plan(restart_strategy{static_cast<int>(random() % 3)},
                 static_cast<std::uint32_t>(random() % 4));
  it.how.backoff.base = std::chrono::milliseconds{random() % 2 * 50};
  const auto width = 1 + random() % 3;
  for (std::uint64_t i = 0; i < width; ++i) {
    const auto id = "n" + std::to_string(++names);
    if (depth > 0 && random() % 3 == 0) {
      it.children.push_back(nested(id, random_tree(random, depth - 1, names)));
      continue;
    }
    auto child = worker(id, restart_type{static_cast<int>(random() % 3)});
    child.hangs = random() % 8 == 0;
    child.takes = std::chrono::milliseconds{random() % 3 * 400};
    for (int start_no = 2; start_no < 40; ++start_no)
      if (random() % 4 == 0)
        child.failing.insert(start_no);
    it.children.push_back(std::move(child));
  }
  return it;
}

} // namespace

TEST_CASE("S1-S8: whatever fails, no child lives twice or longer than its "
          "supervisor, and a stop ends all",
          "[supervisor_rules]") {
  for (std::uint64_t seed = 1; seed <= rounds(600); ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random{seed};
    int names = 0;
    supervision_world it{random_tree(random, 2, names), seed};
    for (int i = 0; i < 30 && !it.end(); ++i) {
      const auto living = it.living();
      if (!living.empty())
        it.crash(living[random() % living.size()],
                 child_end{static_cast<int>(random() % 4)});
      if (random() % 2 == 0)
        it.advance(std::chrono::milliseconds{random() % 1'500});
    }
    it.stop(5s);
    it.advance(5s);
    CHECK(it.end());
    CHECK(it.living().empty());
    CHECK(it.contradictions() == list{});
  }
}

TEST_CASE("S10: a child that always fails is started as often as its "
          "supervisors' intensities allow, with pauses or without",
          "[supervisor_rules]") {
  for (std::uint64_t seed = 1; seed <= rounds(300); ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random{seed};
    int most = 1;
    planned_supervisor tree = plan(one_for_one, 0, {worker("leaf")});
    for (int level = 0; level < 3; ++level) {
      const auto intensity = static_cast<std::uint32_t>(random() % 4);
      tree.how.intensity = intensity;
      tree.how.backoff.base = std::chrono::milliseconds{random() % 2 * 900};
      most *= static_cast<int>(intensity) + 1;
      if (level < 2)
        tree =
            plan(one_for_one, 0, {nested("s" + std::to_string(level), tree)});
    }
    supervision_world world{tree, seed};
    while (!world.end()) {
      REQUIRE(world.starts("leaf") <= most);
      world.crash("leaf", child_end::abnormal);
      world.settle();
    }
    CHECK(world.starts("leaf") == most);
  }
}
