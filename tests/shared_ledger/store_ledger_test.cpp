// The ledger's log over a durable store.
#include "ledger/store_ledger.hpp"
#include "support/actors/show_result.hpp"
#include "support/rounds.hpp"
#include "support/runtime/shared_store.hpp"
#include "support/shared_ledger/ledger_life.hpp"

#include <troupe/actors/memory_store.hpp>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::cluster;
using actors::ledger_entry;
using actors::ledger_rules;
using protocol::errc;
using test::balances_of;
using test::ledger_life;

namespace {

const std::string name = "ledger/games";
const std::string lease = "leader/games";

/// A store that does not always say what has become of a commit.
class doubtful_store final : public actors::durable_store {
public:
  doubtful_store(actors::durable_store& it, std::uint64_t seed)
      : it_(it), random_(seed) {}

  actors::store_capabilities capabilities() const override {
    return it_.capabilities();
  }
  std::vector<actors::commit_result>
  commit(std::span<const actors::store_txn> group,
         protocol::instant now) override {
    const auto chance = in_a_row < 3 ? random_.below(4) : 0;
    in_a_row = chance > 1 ? in_a_row + 1 : 0;
    if (chance == 3) // it has not arrived
      return {{actors::commit_outcome::unknown, {}, {}, {}}};
    auto done = it_.commit(group, now);
    if (chance == 2)
      done.front().outcome = actors::commit_outcome::unknown;
    return done;
  }
  protocol::result<std::vector<actors::stored_value>>
  get(std::span<const std::string> keys) override {
    return it_.get(keys);
  }
  protocol::result<std::vector<actors::stored_value>>
  list(const std::string& prefix, const std::string& after,
       std::size_t most) override {
    return it_.list(prefix, after, most);
  }
  protocol::result<std::vector<actors::stored_record>>
  read(const std::string& stream, std::uint64_t after,
       std::size_t most) override {
    return it_.read(stream, after, most);
  }
  protocol::result<std::int64_t> funds(const std::string& it) override {
    return it_.funds(it);
  }
  protocol::result<std::vector<actors::claimed_task>>
  claim(const std::string& queue, std::size_t most, protocol::duration ttl,
        protocol::instant now) override {
    return it_.claim(queue, most, ttl, now);
  }
  protocol::result<bool> extend(std::uint64_t task, std::uint64_t token,
                                protocol::duration ttl,
                                protocol::instant now) override {
    return it_.extend(task, token, ttl, now);
  }
  protocol::result<std::uint64_t> lease(const std::string& which,
                                        std::uint64_t token,
                                        protocol::duration ttl,
                                        protocol::instant now) override {
    return it_.lease(which, token, ttl, now);
  }
  protocol::result<void> release(const std::string& which,
                                 std::uint64_t token) override {
    return it_.release(which, token);
  }
  protocol::result<std::vector<actors::store_change>>
  changes(std::uint64_t cursor, const std::string& prefix,
          std::size_t most) override {
    return it_.changes(cursor, prefix, most);
  }
  protocol::result<void> forget(std::uint64_t cursor,
                                protocol::instant before) override {
    return it_.forget(cursor, before);
  }

private:
  actors::durable_store& it_;
  protocol::test::random_source random_;
  int in_a_row = 0;
};

/// A store, and the nodes that led one after the other.
struct office {
  explicit office(actors::store_capabilities allowed = actors::usual_store)
      : store(actors::make_memory_store(allowed)) {}

  /// The next node leads; that before has not let go, its time was up.
  leader_fence lead() {
    now += 1h;
    return {lease, store->lease(lease, 0, 1h, now).value()};
  }

  std::unique_ptr<actors::ledger_log> open(const leader_fence& fence,
                                           bool is_doubtful = false) {
    std::unique_ptr<actors::durable_store> way;
    if (is_doubtful)
      way = std::make_unique<doubtful_store>(*store, ++opened);
    else
      way = std::make_unique<test::shared_store>(*store);
    return make_store_ledger(std::move(way), {name, fence, ++opened, [this] {
                                                return now;
                                              }});
  }

  protocol::instant now{std::chrono::hours{400'000}};
  std::unique_ptr<actors::durable_store> store;
  std::uint64_t opened = 0;
};

protocol::result<std::vector<ledger_entry>> entries_in(actors::ledger_log& it) {
  std::vector<ledger_entry> all;
  const auto read = it.read([&](const ledger_entry& one) {
    all.push_back(one);
    return protocol::result<void>{};
  });
  if (!read)
    return read.error();
  return all;
}

} // namespace

TEST_CASE("what was appended to a ledger in a store is read again, by pages",
          "[store_ledger]") {
  office it;
  ledger_life life{1};
  const auto log = it.open(it.lead());
  REQUIRE(entries_in(*log).value().empty());
  std::vector<ledger_entry> all;
  for (const std::size_t count : {1U, 2U, 2'500U}) {
    const auto some = life.some(count);
    REQUIRE(log->append(some));
    all.insert(all.end(), some.begin(), some.end());
  }
  CHECK(entries_in(*it.open(it.lead())).value() == all);
}

TEST_CASE("a batch beyond what a commit may hold is kept in several",
          "[store_ledger]") {
  auto small = actors::usual_store;
  small.ops_max = 10;
  office it{small};
  ledger_life life{2};
  const auto log = it.open(it.lead());
  const auto all = life.some(100);
  REQUIRE(log->append(all));
  REQUIRE(log->replace(life.rules.snapshot()));
  const auto kept = entries_in(*it.open(it.lead())).value();
  CHECK(kept == life.rules.snapshot());
}

TEST_CASE("N3: a node that does not lead any more writes nothing",
          "[store_ledger]") {
  office it;
  ledger_life life{3};
  const auto old = it.open(it.lead());
  const auto first = life.some(5);
  REQUIRE(old->append(first));
  const auto fresh = it.open(it.lead());
  REQUIRE(entries_in(*fresh).value() == first);
  const auto refused = old->append(life.some(1));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::internal);
  CHECK(refused.error().detail
        == "ledger 'ledger/games': this node does not lead any more");
  CHECK_FALSE(old->replace(first));
  CHECK(entries_in(*fresh).value() == first);
  REQUIRE(fresh->append(first));
  CHECK_FALSE(old->append(first)); // also if it led again by another token
}

TEST_CASE("nobody appends behind what somebody else has written",
          "[store_ledger]") {
  office it;
  ledger_life life{4};
  const auto one = it.open({});
  const auto other = it.open({});
  REQUIRE(one->append(life.some(1)));
  CHECK_FALSE(other->append(life.some(1)));
  CHECK(entries_in(*it.open({})).value().size() == 1);
}

TEST_CASE("a snapshot in place of the entries leaves none of them",
          "[store_ledger]") {
  office it;
  ledger_life life{5};
  auto log = it.open(it.lead());
  for (int i = 0; i < 3; ++i) {
    REQUIRE(log->append(life.some(1'500)));
    REQUIRE(log->replace(life.rules.snapshot()));
    log = it.open(it.lead());
    ledger_rules again;
    REQUIRE(
        log->read([&](const ledger_entry& one) { return again.apply(one); }));
    CHECK(balances_of(again, life.now) == balances_of(life.rules, life.now));
    const auto before =
        it.store->read(name + "/" + std::to_string(i + 1), 0, 10);
    CHECK(before.value().empty());
  }
}

TEST_CASE("B6: balances are the same after unknown commits, changes of the "
          "leader and snapshots",
          "[store_ledger]") {
  for (std::uint64_t seed = 0; seed < test::rounds(80); ++seed) {
    CAPTURE(seed);
    protocol::test::random_source random{seed};
    office it;
    ledger_life life{seed};
    auto log = it.open(it.lead(), true);
    std::unique_ptr<actors::ledger_log> old;
    for (int i = 0; i < 40; ++i) {
      if (random.below(8) == 0) {
        old = std::exchange(log, it.open(it.lead(), true));
        ledger_rules again;
        REQUIRE(log->read(
            [&](const ledger_entry& one) { return again.apply(one); }));
        REQUIRE(balances_of(again, life.now)
                == balances_of(life.rules, life.now));
        if (random.coin())
          CHECK_FALSE(old->append(ledger_life{seed + 1'000}.some(1)));
      }
      if (random.below(10) == 0)
        REQUIRE(log->replace(life.rules.snapshot()));
      const auto some = life.some(1 + random.below(9));
      REQUIRE(log->append(some));
    }
  }
}
