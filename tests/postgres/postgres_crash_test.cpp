// A server that is killed, and connections that are cut, while many commit.
#include "support/postgres/postgres_place.hpp"
#include "support/runtime/store_workload.hpp"

#include <atomic>
#include <set>
#include <thread>

using namespace troupe;
using namespace troupe::actors;

namespace {

struct writer_said {
  std::set<std::uint64_t> acknowledged;
  std::uint64_t tried = 0; ///< The last that it began.
  int unknown = 0;
  int failed = 0; ///< Neither committed nor to be asked again.
};

/// Commits its own numbers until it is told to stop.
void write_numbers(const test::postgres_place& place, std::uint64_t first,
                   const std::atomic<bool>& ends, std::atomic<int>& count,
                   writer_said& said) {
  const auto store = place.open();
  test::stubborn_commit commit{*store};
  for (auto number = first; !ends; ++number) {
    said.tried = number;
    const auto done = commit(test::numbered_txn(number));
    if (done.outcome != commit_outcome::committed) {
      ++said.failed;
      break;
    }
    said.acknowledged.insert(number);
    ++count;
  }
  said.unknown = commit.unknown;
}

/// Whether so many more were acknowledged, within a minute.
bool comes_to(const std::atomic<int>& count, int more) {
  const auto goal = count + more;
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
  while (count < goal && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  return count >= goal;
}

/// Adds one to a number that all share, by comparing and setting it; how often
/// it was told that it has.
int add_ones(durable_store& store, std::uint64_t writer, int wins) {
  test::stubborn_commit commit{store};
  const std::string key = "counter";
  int won = 0;
  for (std::uint64_t i = 0; won < wins && i < 100'000; ++i) {
    const auto now = store.get({&key, 1});
    if (!now)
      continue;
    const auto& it = now->front();
    const auto next = it.revision == 0 ? 1 : std::stoi(it.value) + 1;
    const auto done = commit({{writer, i + 1},
                              {require_revision{key, it.revision}},
                              {put_value{key, std::to_string(next)}}});
    won += done.outcome == commit_outcome::committed ? 1 : 0;
  }
  return won;
}

} // namespace

TEST_CASE("Q1: kill -9 of the server at any moment loses no commit that was "
          "acknowledged, and what nobody knew is there once",
          "[postgres]") {
  const test::postgres_place place;
  constexpr std::size_t writers = 4;
  constexpr int kills = 4;
  (void)place.open();
  std::atomic<bool> ends = false;
  std::atomic<int> count = 0;
  std::vector<writer_said> said(writers);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < writers; ++i)
    threads.emplace_back([&, i] {
      write_numbers(place, i * 1'000'000 + 1, ends, count, said[i]);
    });
  protocol::test::random_source random{7};
  bool goes_on = true;
  for (int i = 0; i < kills && goes_on; ++i) {
    goes_on = comes_to(count, 20 + static_cast<int>(random.below(60)));
    place.server.kill();
    place.server.start();
  }
  goes_on = goes_on && comes_to(count, 20);
  ends = true;
  for (auto& it : threads)
    it.join();
  CHECK(goes_on);
  std::string problem;
  const auto there = test::numbers_in(*place.open(), problem);
  CHECK(problem.empty());
  std::set<std::uint64_t> acknowledged;
  for (const auto& it : said) {
    CHECK(it.failed == 0);
    CHECK(it.unknown <= kills);
    acknowledged.insert(it.acknowledged.begin(), it.acknowledged.end());
  }
  CHECK(there == acknowledged);
  CHECK(acknowledged.size() > 100);
}

TEST_CASE("P4: a counter that many compare and set holds as much as was "
          "acknowledged, also when their connections are cut",
          "[postgres]") {
  const test::postgres_place place;
  constexpr int writers = 4;
  constexpr int wins = 40;
  std::vector<test::store_pointer> stores;
  for (int i = 0; i < writers; ++i)
    stores.push_back(place.open());
  std::vector<int> won(writers);
  std::atomic<int> ended = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < writers; ++i)
    threads.emplace_back([&, i] {
      const auto at = static_cast<std::size_t>(i);
      won[at] = add_ones(*stores[at], at + 1, wins);
      ++ended;
    });
  int cuts = 0;
  for (; ended < writers && cuts < 50; ++cuts)
    place.cut();
  for (auto& it : threads)
    it.join();
  CHECK(cuts > 0);
  CHECK(won == std::vector<int>(writers, wins));
  const std::string key = "counter";
  CHECK(place.open()->get({&key, 1}).value().at(0).value
        == std::to_string(writers * wins));
}

TEST_CASE("a connection that was cut costs one answer at most", "[postgres]") {
  const test::postgres_place place;
  const auto store = place.open();
  const std::string key = "k";
  REQUIRE(store->get({&key, 1}));
  for (int i = 0; i < 5; ++i) {
    place.cut();
    const store_txn txn{{3, static_cast<std::uint64_t>(i + 1)},
                        {},
                        {put_value{key, std::to_string(i)}}};
    auto done = store->commit({&txn, 1}, test::wall_clock()).at(0);
    if (done.outcome != commit_outcome::committed)
      done = store->commit({&txn, 1}, test::wall_clock()).at(0);
    REQUIRE(done.outcome == commit_outcome::committed);
    CHECK(store->get({&key, 1}).value().at(0).value == std::to_string(i));
  }
}
