// A server that dies, and its synchronous standby that takes over.
#include "support/postgres/postgres_place.hpp"
#include "support/runtime/store_workload.hpp"

#include <atomic>
#include <set>
#include <thread>

using namespace troupe;
using namespace troupe::actors;

TEST_CASE(
    "N1: what was acknowledged is on the standby that takes over, and the "
    "store finds it by itself",
    "[postgres][failover]") {
  test::postgres_server first;
  test::postgres_server second{test::postgres_server::standby_of{first}};
  first.set("synchronous_standby_names", "'*'");
  const auto hosts = "host=" + first.folder() + "," + second.folder()
                     + " user=troupe dbname=postgres";
  auto opened = open_postgres_store(hosts);
  REQUIRE(opened.has_value());
  auto& store = **opened;
  CHECK(store.capabilities().promise == survives::quorum);
  std::atomic<std::uint64_t> done = 0;
  std::atomic<bool> ends = false;
  std::set<std::uint64_t> acknowledged;
  std::thread writer{[&] {
    test::stubborn_commit commit{store};
    for (std::uint64_t number = 1; !ends; ++number) {
      const auto said = commit(test::numbered_txn(number));
      if (said.outcome != commit_outcome::committed)
        break;
      acknowledged.insert(number);
      done = number;
    }
  }};
  const auto comes_to = [&](std::uint64_t goal) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (done < goal && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
    return done >= goal;
  };
  const bool began = comes_to(60);
  first.kill();
  second.promote();
  const bool goes_on = comes_to(done + 60);
  ends = true;
  writer.join();
  CHECK(began);
  CHECK(goes_on);
  std::string problem;
  CHECK(test::numbers_in(store, problem) == acknowledged);
  CHECK(problem.empty());
}
