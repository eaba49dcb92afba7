#include "client.hpp"
#include "mission_queue.hpp"
#include "support/node/memory_journal.hpp"
#include "support/node/nodes.hpp"
#include "support/node/raw_peer.hpp"

#include <atomic>
#include <thread>

namespace troupe::cluster {

using namespace test;
using namespace std::chrono_literals;
using protocol::errc;

namespace {

constexpr protocol::duration queue_lease = 30s;

ask_run mission_called(const std::string& name) {
  ask_run what;
  what.mission = mission_for("teller");
  what.mission.name = name;
  return what;
}

/// Two nodes' queues on one store, and a clock.
struct two_queues {
  explicit two_queues(queue_limits limits = {})
      : a(store.open(), "a", 1, limits), b(store.open(), "b", 2, limits) {}

  std::optional<mission_queue::claimed> claim(mission_queue& by) {
    auto it = by.claim(queue_lease, now);
    REQUIRE(it.has_value());
    return std::move(*it);
  }

  memory_journal store;
  mission_queue a;
  mission_queue b;
  protocol::instant now{1'000h};
};

/// A node whose runs are kept where others find them.
std::unique_ptr<node> start_sharing(const std::string& name,
                                    const memory_journal& journal) {
  runtime_config host;
  host.threads = 2;
  host.simulated.latency_scale_permille = 0;
  host.journal = journal.url();
  host.journal_lease = 1s;
  auto it = node::start(node_named(name), host);
  REQUIRE(it.has_value());
  return std::move(*it);
}

std::unique_ptr<cli::far_node> client_of(node& it) {
  auto far = connect_client({it.address(), {}});
  REQUIRE(far.has_value());
  return std::move(*far);
}

bool is_done(cli::far_node& at) {
  return becomes([&] {
    const auto all = at.queue();
    REQUIRE(all.has_value());
    return all->empty();
  });
}

} // namespace

TEST_CASE("a mission of the queue is given to one node at a time",
          "[node][queue]") {
  two_queues both;
  const auto run = both.a.add(mission_called("first"), both.now);
  REQUIRE(run.has_value());
  REQUIRE(both.b.add(mission_called("second"), both.now).has_value());
  const auto first = both.claim(both.a);
  const auto second = both.claim(both.b);
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(first->run == *run);
  CHECK(first->what.mission.name == "first");
  CHECK(second->what.mission.name == "second");
  CHECK_FALSE(both.claim(both.b).has_value());
  CHECK(both.a.list()->size() == 2);
  REQUIRE(both.a.done(*first, both.now).has_value());
  REQUIRE(both.b.done(*second, both.now).has_value());
  CHECK(both.a.list()->empty());
}

TEST_CASE("whoever stood still ends nothing that another has claimed since",
          "[node][queue]") {
  two_queues both;
  REQUIRE(both.a.add(mission_called("m"), both.now).has_value());
  const auto late = both.claim(both.a);
  both.now += queue_lease + 1s;
  const auto taken = both.claim(both.b);
  REQUIRE(taken.has_value());
  CHECK(taken->run == late->run); // the same run, whoever does it
  CHECK(taken->token > late->token);
  CHECK_FALSE(both.a.extend(*late, queue_lease, both.now).value());
  CHECK_FALSE(both.a.done(*late, both.now).has_value());
  CHECK_FALSE(both.a.give_back(*late, "late", 0s, both.now).has_value());
  CHECK(both.b.extend(*taken, queue_lease, both.now).value());
  CHECK(both.a.list()->front().node == "b");
  CHECK(both.b.done(*taken, both.now).has_value());
}

TEST_CASE("a mission that ends no node well is set aside, with the reason",
          "[node][queue]") {
  two_queues both;
  REQUIRE(both.a.add(mission_called("poison"), both.now).has_value());
  for (std::uint32_t i = 0; i < queue_limits{}.claims_max; ++i) {
    const auto it = both.claim(both.a);
    REQUIRE(it.has_value());
    CHECK(it->claims == i + 1);
    REQUIRE(both.a.give_back(*it, "no such agent", 0s, both.now).has_value());
    both.now += 1s;
  }
  CHECK_FALSE(both.claim(both.b).has_value());
  const auto all = both.b.list();
  REQUIRE(all->size() == 1);
  CHECK(all->front().state == "set_aside");
  CHECK(all->front().why.find("5 times") != std::string::npos);
  CHECK(all->front().why.find("no such agent") != std::string::npos);
  CHECK_FALSE(both.claim(both.a).has_value());
}

TEST_CASE("a queue that is full says so, and takes again when one has ended",
          "[node][queue]") {
  queue_limits limits;
  limits.open_max = 3;
  limits.aside_max = 1;
  limits.claims_max = 1;
  two_queues both{limits};
  for (int i = 0; i < 3; ++i)
    REQUIRE(both.a.add(mission_called("m"), both.now).has_value());
  const auto full = both.b.add(mission_called("m"), both.now);
  REQUIRE_FALSE(full.has_value());
  CHECK(full.error().code == errc::overloaded);
  REQUIRE(both.b.done(*both.claim(both.b), both.now).has_value());
  CHECK(both.a.add(mission_called("m"), both.now).has_value());
  for (int i = 0; i < 3; ++i) // nobody ends them: their node dies
    REQUIRE(both.claim(both.a).has_value());
  both.now += queue_lease + 1s;
  for (int i = 0; i < 3; ++i)
    CHECK_FALSE(both.claim(both.b).has_value());
  CHECK(both.a.list()->size() == 1); // of those aside the last is kept
  for (int i = 0; i < 3; ++i)
    CHECK(both.a.add(mission_called("m"), both.now).has_value());
}

TEST_CASE("a mission that nobody can read is set aside", "[node][queue]") {
  two_queues both;
  actors::store_txn bad;
  bad.id = {1, 1};
  bad.ops = {actors::enqueue_task{"missions", "{\"run\":", {}, "x"}};
  REQUIRE(both.store.open()->commit({&bad, 1}, both.now).front().outcome
          == actors::commit_outcome::committed);
  CHECK_FALSE(both.claim(both.a).has_value());
  REQUIRE(both.a.list()->size() == 1);
  CHECK(both.a.list()->front().state == "set_aside");
  auto large = mission_called("large");
  large.mission.inputs = {{"book", std::string(5U << 20U, 'x')}};
  const auto refused = both.a.add(large, both.now);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::limit_exceeded);
}

TEST_CASE("any node that shares the journal runs what was submitted, once",
          "[node][queue]") {
  const memory_journal journal;
  const auto a = start_sharing("a", journal);
  const auto b = start_sharing("b", journal);
  std::atomic<int> told{0};
  for (auto* it : {a.get(), b.get()})
    REQUIRE(it->host()
                .add_agent({.name = "teller"},
                           [&](const task_view&) {
                             ++told;
                             return std::string{"told"};
                           })
                .has_value());
  const auto far = client_of(*a);
  constexpr int missions = 12;
  for (int i = 0; i < missions; ++i)
    REQUIRE(far->submit(mission_for("teller"), {}).has_value());
  CHECK(is_done(*far));
  CHECK(told == missions);
}

TEST_CASE("a node that ends leaves its missions to others", "[node][queue]") {
  const memory_journal journal;
  auto a = start_sharing("a", journal);
  std::atomic<bool> has_begun{false};
  REQUIRE(a->host()
              .add_agent(
                  {.name = "teller"},
                  [&](const task_view& task) {
                    has_begun = true;
                    while (!task.stop.stop_requested())
                      std::this_thread::yield();
                    return std::string{"stopped"};
                  },
                  execution::blocking)
              .has_value());
  const auto run = client_of(*a)->submit(mission_for("teller"), {});
  REQUIRE(run.has_value());
  REQUIRE(becomes([&] { return has_begun.load(); }));
  a.reset();
  const auto b = start_sharing("b", journal);
  add_teller(*b, "teller", "b");
  const auto far = client_of(*b);
  CHECK(is_done(*far));
  const auto resumed = b->host().resume(*run);
  REQUIRE_FALSE(resumed.has_value()); // it has ended, under the same id
  CHECK(resumed.error().detail.find("done") != std::string::npos);
}

TEST_CASE("without a journal that is shared there is no queue",
          "[node][queue]") {
  const auto a = start_node("a");
  const auto far = client_of(*a);
  const auto refused = far->submit(mission_for("teller"), {});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().detail.find("postgresql") != std::string::npos);
  CHECK_FALSE(far->queue().has_value());
  CHECK(far->agents().has_value()); // and it goes on asking
}

} // namespace troupe::cluster
