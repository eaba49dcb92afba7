// What does a durable commit cost with each store, alone and in groups?
#include "measure.hpp"
#include "store/sqlite_store.hpp"

#include <troupe/actors/memory_store.hpp>
#include <troupe/postgres/postgres_store.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <unistd.h>

using namespace troupe;
using namespace troupe::actors;
namespace bench = troupe::benchmarks;
namespace fs = std::filesystem;

namespace {

const auto lease_time = std::chrono::hours{1};

/// A store and what is asked of it; a failure ends the program.
struct engine {
  std::string name;
  std::unique_ptr<durable_store> store;
  int divisor = 1; ///< So many fewer rounds than memory.
  /// Of the ids: a server may know those of earlier runs.
  std::uint64_t salt = static_cast<std::uint64_t>(
      std::chrono::system_clock::now().time_since_epoch().count());
  std::uint64_t next = 0;
  std::uint64_t token = 0;

  static protocol::instant now() {
    return std::chrono::time_point_cast<protocol::duration>(
        std::chrono::system_clock::now());
  }
  [[noreturn]] void fail(const std::string& why) const {
    bench::wrong(name + ": " + why);
  }
  void commit(const std::vector<store_txn>& group) {
    for (const auto& it : store->commit(group, now()))
      if (it.outcome != commit_outcome::committed)
        fail(it.why.detail);
  }
  store_txn put() {
    ++next;
    return {{salt, next},
            {},
            {put_value{"k" + std::to_string(next % 10'000),
                       std::string(100, 'v')}}};
  }
};

void put_one(engine& it) {
  it.commit({it.put()});
}

void put_64(engine& it) {
  std::vector<store_txn> group;
  for (int i = 0; i < 64; ++i)
    group.push_back(it.put());
  it.commit(group);
}

void append(engine& it, std::size_t count) {
  it.commit({{{it.salt, ++it.next},
              {},
              {append_records{"log", std::vector<std::string>(
                                         count, std::string(300, 'r'))}}}});
}

void work_one(engine& it) {
  it.commit({{{it.salt, ++it.next}, {}, {enqueue_task{"q", "body", {}}}}});
  const auto got = it.store->claim("q", 1, lease_time, it.now());
  if (!got || got->size() != 1)
    it.fail("nothing was claimed");
  it.commit({{{it.salt, ++it.next},
              {},
              {ack_task{got->front().task, got->front().token}}}});
}

void extend(engine& it) {
  const auto held = it.store->lease("leader", it.token, lease_time, it.now());
  if (!held || *held == 0)
    it.fail("the lease was lost");
  it.token = *held;
}

struct question {
  const char* name;
  int rounds; ///< Of memory.
  int each;   ///< What one round does, as often.
  std::function<void(engine&)> run;
};

const std::vector<question> questions{
    {"put, alone", 20'000, 1, put_one},
    {"put, 64 in a group", 1'000, 64, put_64},
    {"append of 300 B, alone", 20'000, 1,
     [](engine& it) {
       append(it, 1);
     }},
    {"append of 300 B, 100 at a time", 500, 100,
     [](engine& it) {
       append(it, 100);
     }},
    {"task: enqueue, claim, ack", 10'000, 1, work_one},
    {"lease, extended", 20'000, 1, extend},
};

/// Of each question: how often a second.
std::vector<bench::spread> measure(engine& it, int passes) {
  std::vector<bench::spread> out;
  for (const auto& ask : questions) {
    std::vector<double> seen;
    for (int pass = 0; pass < passes; ++pass) {
      const auto rounds = std::max(ask.rounds / it.divisor, 20);
      const auto begin = bench::seconds_now();
      for (int i = 0; i < rounds; ++i)
        ask.run(it);
      seen.push_back(rounds * ask.each / (bench::seconds_now() - begin));
    }
    out.push_back(bench::spread_of(seen));
    bench::print_row(it.name + ": " + ask.name, out.back(), "/s");
  }
  return out;
}

} // namespace

int main(int argc, char** argv) {
  bench::options given{
      argc,
      argv,
      "What does a durable commit cost with each store, alone and in groups? "
      "TROUPE_POSTGRES names a server to take part.",
      {{"passes", 5, "measurements of each"}}};
  bench::print_machine();
  const auto passes = static_cast<int>(given["passes"]);
  const auto folder =
      fs::current_path() / ("store-engines-" + std::to_string(getpid()));
  fs::create_directories(folder);
  engine memory{"memory", make_memory_store()};
  measure(memory, passes);
  auto opened = open_sqlite_store((folder / "store").string());
  if (!opened)
    bench::wrong(opened.error().detail);
  engine sqlite{"SQLite", std::move(*opened), 20};
  const auto base = measure(sqlite, passes);
  if (const auto* where = std::getenv("TROUPE_POSTGRES")) {
    auto server = open_postgres_store(where);
    if (!server)
      bench::wrong(server.error().detail);
    engine postgres{"PostgreSQL", std::move(*server), 20};
    const auto seen = measure(postgres, passes);
    for (std::size_t i = 0; i < seen.size(); ++i)
      std::printf("%-36s %.2f of SQLite\n", questions[i].name,
                  seen[i].median / base[i].median);
  } else {
    std::puts("PostgreSQL is left out: TROUPE_POSTGRES names no server.");
  }
  fs::remove_all(folder);
  return 0;
}
