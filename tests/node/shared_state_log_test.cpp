#include "shared_state_log.hpp"
#include "store/store_drivers.hpp"
#include "support/actors/show_result.hpp"
#include "support/node/memory_url.hpp"
#include "support/protocol/random_source.hpp"

#include <atomic>
#include <future>
#include <map>

namespace troupe::cluster {

using namespace std::chrono_literals;
using namespace test;
using protocol::errc;
using protocol::result;
using protocol::test::random_source;

namespace {

constexpr protocol::instant start{1'800'000'000s};

std::unique_ptr<actors::durable_store> open(const memory_url& at) {
  auto it = store::open_url(at.url());
  REQUIRE(it);
  return std::move(*it);
}

/// A log under a lease of its own, with commits at random for it.
struct log_desk {
  explicit log_desk(const memory_url& at, std::uint64_t from = 0,
                    actors::state_limits limits = {})
      : revision(from) {
    auto leases = open(at);
    token = leases->lease("leader", 0, 1s, start + 1h * ++leads).value();
    REQUIRE(token != 0);
    log = std::make_unique<shared_state_log>(
        open(at),
        shared_state_log::config{"c",
                                 {"leader", token},
                                 limits,
                                 [] { return start + 1h * leads; },
                                 [] { return true; },
                                 [this] { ++failures; },
                                 token},
        from);
  }
  protocol::state_change change(random_source& random) {
    protocol::state_change it;
    it.key = "k" + std::to_string(random.below(5));
    const auto found = entries.find(it.key);
    const bool is_there = found != entries.end();
    it.version = is_there ? found->second.version + 1 : revision + 2;
    if (is_there && random.below(3) == 0) {
      it.kind = protocol::state_change_kind::deleted;
      entries.erase(found);
      return it;
    }
    it.kind = is_there ? protocol::state_change_kind::changed
                       : protocol::state_change_kind::created;
    it.value = "\"" + std::to_string(random.below(1'000)) + "\"";
    entries[it.key] = {it.key,   it.version, revision + 1,
                       it.value, it.content, it.expires};
    return it;
  }
  result<void> keep(random_source& random, std::size_t count) {
    actors::state_keeper::commits batch;
    for (std::size_t i = 0; i < count; ++i) {
      protocol::state_update it;
      it.body.changes.push_back(change(random));
      it.body.revision = ++revision;
      it.body.at = start;
      batch.push_back(std::make_shared<protocol::state_update>(it));
    }
    std::promise<result<void>> told;
    log->keep(std::move(batch),
              [&](result<void> it) { told.set_value(std::move(it)); });
    return told.get_future().get();
  }
  void expect(const actors::kept_state& kept) const {
    CHECK(kept.revision == revision);
    REQUIRE(kept.entries.size() == entries.size());
    for (const auto& it : kept.entries)
      CHECK(it == entries.at(it.key));
  }

  static inline int leads = 0;
  std::uint64_t token = 0;
  std::uint64_t revision;
  std::map<std::string, protocol::state_entry> entries;
  std::atomic<int> failures{0};
  std::unique_ptr<shared_state_log> log;
};

} // namespace

TEST_CASE("what a leader kept, the next one reads", "[node][state]") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    random_source random{seed};
    const memory_url at;
    log_desk first{at};
    for (int i = 0; i < 30; ++i)
      REQUIRE(first.keep(random, 1 + random.below(20)));
    const auto kept = shared_state_log::read(*open(at), "c", {});
    REQUIRE(kept);
    first.expect(*kept);
    REQUIRE(kept->commits.size() == kept->revision);
    for (std::size_t i = 0; i < kept->commits.size(); ++i)
      CHECK(kept->commits[i].body.revision == i + 1);
    log_desk next{at, kept->revision};
    next.entries = first.entries;
    REQUIRE(next.keep(random, 3));
    next.expect(shared_state_log::read(*open(at), "c", {}).value());
  }
}

TEST_CASE("N3: a leader that lost its lease keeps nothing more",
          "[node][state]") {
  random_source random{3};
  const memory_url at;
  log_desk first{at};
  REQUIRE(first.keep(random, 2));
  const auto before = shared_state_log::read(*open(at), "c", {}).value();
  log_desk second{at, before.revision};
  CHECK_FALSE(first.keep(random, 1));
  CHECK_FALSE(first.keep(random, 1));
  CHECK(first.failures == 1);
  const auto after = shared_state_log::read(*open(at), "c", {}).value();
  CHECK(after.revision == before.revision);
  CHECK(after.entries == before.entries);
}

TEST_CASE("a leader whose store is away for too long keeps nothing more",
          "[node][state]") {
  random_source random{3};
  memory_url at;
  log_desk it{at};
  REQUIRE(it.keep(random, 2));
  at.set_away(true);
  const auto kept = it.keep(random, 1);
  REQUIRE_FALSE(kept);
  at.set_away(false);
  CHECK_FALSE(it.keep(random, 1)); // its revisions would have a gap
}

TEST_CASE("only the last commits are kept for those who lag", "[node][state]") {
  random_source random{4};
  const memory_url at;
  actors::state_limits limits;
  limits.log_commits = 50;
  log_desk it{at, 0, limits};
  for (int i = 0; i < 130; ++i)
    REQUIRE(it.keep(random, 10));
  const auto kept = shared_state_log::read(*open(at), "c", limits);
  REQUIRE(kept);
  it.expect(*kept);
  CHECK(kept->commits.size() == 50);
  CHECK(kept->commits.back().body.revision == kept->revision);
  const auto records = open(at)->read("state/c", 0, 10'000);
  REQUIRE(records);
  CHECK(records->size() < 50 + 600);
}

TEST_CASE("state that is no state is refused, not guessed at",
          "[node][state]") {
  const memory_url at;
  actors::store_txn txn;
  txn.ops.emplace_back(actors::append_records{"state/c", {"{}"}});
  REQUIRE(open(at)->commit({&txn, 1}, start).front().outcome
          == actors::commit_outcome::committed);
  CHECK_FALSE(shared_state_log::read(*open(at), "c", {}));
  const memory_url other;
  txn.ops = {actors::put_value{"state/c/k", "no JSON"}};
  REQUIRE(open(other)->commit({&txn, 1}, start).front().outcome
          == actors::commit_outcome::committed);
  CHECK_FALSE(shared_state_log::read(*open(other), "c", {}));
}

} // namespace troupe::cluster
