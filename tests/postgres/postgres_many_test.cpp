// Several stores on one database.
#include "support/postgres/postgres_place.hpp"

#include <atomic>
#include <sys/wait.h>
#include <unistd.h>

using namespace troupe;
using namespace troupe::actors;

namespace {

commit_outcome put(durable_store& store, const std::string& key,
                   const std::string& value) {
  const store_txn txn{{}, {}, {put_value{key, value}}};
  return store.commit({&txn, 1}, test::wall_clock()).at(0).outcome;
}

std::string value_of(durable_store& store, const std::string& key) {
  const auto found = store.get({&key, 1});
  return found ? found->front().value : std::string{};
}

/// Whether a key comes to have a value, within a minute.
bool comes_to(durable_store& store, const std::string& key,
              const std::string& value) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
  while (std::chrono::steady_clock::now() < end)
    if (value_of(store, key) == value)
      return true;
  return false;
}

} // namespace

TEST_CASE("P2: who follows the changes misses none of 16 writers",
          "[postgres]") {
  const test::postgres_place place;
  const auto reader = place.open();
  constexpr int writers = 16;
  constexpr int puts = 25;
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < writers; ++i)
    threads.emplace_back([&, i] {
      const auto store = place.open();
      for (int k = 0; k < puts; ++k)
        if (put(*store, "k" + std::to_string(i), std::to_string(k))
            != commit_outcome::committed)
          ++failed;
    });
  std::uint64_t cursor = 0;
  int gaps = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{2};
  while (cursor < writers * puts && std::chrono::steady_clock::now() < end)
    for (const auto& it : reader->changes(cursor, "", 7).value()) {
      gaps += it.cursor == cursor + 1 ? 0 : 1;
      cursor = it.cursor;
    }
  for (auto& it : threads)
    it.join();
  CHECK(failed == 0);
  CHECK(gaps == 0);
  CHECK(cursor == writers * puts);
}

TEST_CASE("two processes see what the other commits", "[postgres]") {
  const test::postgres_place place;
  (void)place.server;
  const auto child = fork();
  if (child == 0) {
    auto store = place.try_open();
    const bool is_good =
        store && comes_to(**store, "ping", "1")
        && put(**store, "pong", "2") == commit_outcome::committed;
    store = test::store_pointer{};
    _exit(is_good ? 0 : 1);
  }
  const auto store = place.open();
  CHECK(put(*store, "ping", "1") == commit_outcome::committed);
  CHECK(comes_to(*store, "pong", "2"));
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("many that come first make one set of tables", "[postgres]") {
  const test::postgres_place place;
  std::atomic<int> opened = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      auto store = place.try_open();
      opened +=
          store && put(**store, "k", "v") == commit_outcome::committed ? 1 : 0;
    });
  for (auto& it : threads)
    it.join();
  CHECK(opened == 8);
  CHECK(place.open()->changes(0, "", 100).value().size() == 8);
}

TEST_CASE("Q2: of many that claim each task goes to one", "[postgres]") {
  const test::postgres_place place;
  const auto store = place.open();
  constexpr std::size_t tasks = 60;
  store_txn fill;
  for (std::size_t i = 0; i < tasks; ++i)
    fill.ops.emplace_back(enqueue_task{"q", std::to_string(i), {}});
  REQUIRE(store->commit({&fill, 1}, test::wall_clock()).at(0).outcome
          == commit_outcome::committed);
  std::atomic<std::size_t> done = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&] {
      const auto own = place.open();
      for (int k = 0; k < 10'000 && done < tasks; ++k) {
        const auto got =
            own->claim("q", 3, std::chrono::minutes{1}, test::wall_clock());
        if (!got)
          continue;
        for (const auto& it : *got) {
          const store_txn ack{{}, {}, {ack_task{it.task, it.token}}};
          const auto said = own->commit({&ack, 1}, test::wall_clock()).at(0);
          ++done;
          refused += said.outcome == commit_outcome::committed ? 0 : 1;
        }
      }
    });
  for (auto& it : threads)
    it.join();
  CHECK(done == tasks);
  CHECK(refused == 0);
  // What was acked takes no room.
  CHECK(place.server.ask_one("SELECT count(*) FROM " + place.options.schema
                             + ".tasks")
        == "0");
}

TEST_CASE("N2: leases go by the server's clock, whatever those of processes "
          "say",
          "[postgres]") {
  const test::postgres_place place;
  const auto one = place.open();
  const auto other = place.open();
  using std::chrono::hours;
  const auto now = test::wall_clock();
  const auto token =
      one->lease("leader", 0, std::chrono::minutes{5}, now - hours{99}).value();
  CHECK(token > 0);
  CHECK(other->lease("leader", 0, hours{1}, now + hours{99}).value() == 0);
  CHECK(one->lease("leader", token, hours{1}, now + hours{99}).value()
        == token);
  const store_txn held{{}, {require_lease{"leader", token}}, {}};
  CHECK(one->commit({&held, 1}, now + hours{99}).at(0).outcome
        == commit_outcome::committed);
  REQUIRE(one->release("leader", token));
  const auto next =
      other->lease("leader", 0, std::chrono::milliseconds{50}, now - hours{9})
          .value();
  CHECK(next > token);
  std::uint64_t after = 0; // as soon as the server says so
  while (after == 0)
    after = one->lease("leader", token, hours{1}, now - hours{999}).value();
  CHECK(after > next);
  CHECK(other->commit({&held, 1}, now).at(0).outcome
        == commit_outcome::refused);
}
