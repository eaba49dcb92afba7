#include "asked_texts.hpp"
#include "mission_queue.hpp"
#include "support/node/memory_journal.hpp"
#include "support/node/nodes.hpp"

namespace troupe::cluster {

using namespace test;
using namespace std::chrono_literals;
using protocol::errc;

namespace {

constexpr protocol::duration put_off_lease = 30s;

ask_run mission_put_off() {
  ask_run what;
  what.mission = mission_for("teller");
  return what;
}

} // namespace

TEST_CASE("a mission that nobody has room for is not set aside for it",
          "[node][queue]") {
  const memory_journal store;
  mission_queue queue{store.open(), "a", 1};
  protocol::instant now{1'000h};
  const auto claim = [&] {
    auto it = queue.claim(put_off_lease, now);
    REQUIRE(it.has_value());
    return std::move(*it);
  };
  const auto run = queue.add(mission_put_off(), now);
  REQUIRE(run.has_value());
  const auto failed = claim();
  REQUIRE(failed.has_value());
  REQUIRE(queue.give_back(*failed, "no such agent", 0s, now).has_value());
  for (int i = 0; i < 20; ++i) {
    const auto it = claim();
    REQUIRE(it.has_value());
    CHECK(it->run == *run);
    CHECK(it->claims == 2); // the one before counts still
    REQUIRE(queue.put_off(*it, "no room", 5s, now).has_value());
    CHECK_FALSE(queue.put_off(*it, "no room", 5s, now).has_value());
    CHECK_FALSE(claim().has_value()); // not yet
    now += 6s;
  }
  const auto all = queue.list();
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 1);
  CHECK(all->front().state == "waiting");
  CHECK(all->front().why == "no room");
}

TEST_CASE("a mission that may ask a person is not for the queue",
          "[node][queue]") {
  const memory_journal store;
  mission_queue queue{store.open(), "a", 1};
  const protocol::instant now{1'000h};
  auto approved = mission_put_off();
  approved.mission.tasks[0].kind = protocol::task_kind::approval;
  auto asking = mission_put_off();
  asking.mission.tasks[0].gate.on_fail = protocol::gate_action::ask;
  for (const auto& what : {approved, asking}) {
    const auto refused = queue.add(what, now);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::invalid_request);
    CHECK(refused.error().detail.find("troupe --node") != std::string::npos);
  }
  CHECK(queue.list()->empty());
}

TEST_CASE("what a client asks waits up to a bound of bytes", "[node]") {
  asked_texts waiting;
  CHECK(waiting.add(std::string(asked_texts::bytes_max + 1, 'x'))); // alone
  CHECK_FALSE(waiting.add("y"));
  CHECK(waiting.take().size() == asked_texts::bytes_max + 1);
  CHECK(waiting.empty());
  for (std::size_t i = 0; i < asked_texts::count_max; ++i)
    REQUIRE(waiting.add("z"));
  CHECK_FALSE(waiting.add("z"));
}

} // namespace troupe::cluster
