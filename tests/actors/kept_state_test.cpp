// A state store that tells nothing before it is kept.
#include "support/actors/show_result.hpp"
#include "support/actors/state_world.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using test::follower_notes;
using test::state_world;
using written = state_world::written;

namespace {

/// Keeps nothing before it is told to.
class slow_keeper final : public state_keeper {
public:
  void keep(commits batch, told then) override {
    last = batch.back()->body.revision;
    batches.push_back(batch.size());
    waits = std::move(then);
  }
  [[nodiscard]] bool may_serve() const override { return serves; }

  void end(const protocol::result<void>& outcome = {}) {
    std::exchange(waits, nullptr)(outcome);
  }

  bool serves = true;
  std::uint64_t last = 0;
  std::vector<std::size_t> batches;
  told waits;
};

struct kept_world : state_world {
  kept_world() {
    state_store_config config;
    config.clock = world.clock();
    config.seed = 2;
    config.keeper = keeper;
    store = world.keep(spawn_state_store(world.system(), std::move(config)));
  }
  std::shared_ptr<test::asked<written>> begin(const std::string& key,
                                              const std::string& json) {
    protocol::request<protocol::write_state> ask;
    ask.body.changes = {{key, protocol::state_operation::put, {}, json, {}}};
    return world.ask<written>(store, ask);
  }
  std::shared_ptr<slow_keeper> keeper = std::make_shared<slow_keeper>();
};

} // namespace

TEST_CASE("N1: a write is answered when it is kept, and not before",
          "[state_store]") {
  kept_world it;
  const auto first = it.begin("a", "1");
  CHECK_FALSE(first->outcome);
  const auto second = it.begin("a", "2");
  const auto third = it.begin("b", "3");
  it.keeper->end();
  it.world.run();
  REQUIRE(first->outcome);
  CHECK(first->outcome->has_value());
  CHECK_FALSE(second->outcome); // in the next batch
  it.keeper->end();
  it.world.run();
  REQUIRE(second->outcome);
  REQUIRE(third->outcome);
  CHECK(it.keeper->batches == std::vector<std::size_t>{1, 2});
}

TEST_CASE("nobody reads or follows what is not kept", "[state_store]") {
  kept_world it;
  const auto notes = std::make_shared<follower_notes>();
  REQUIRE(it.follow(it.follower(notes), {"", true}));
  const auto write = it.begin("a", "1");
  protocol::request<protocol::read_state> ask;
  ask.body.key = "a";
  const auto read = it.world.ask<state_world::value>(it.store, ask);
  CHECK_FALSE(read->outcome);
  CHECK(notes->updates.empty());
  it.keeper->end();
  it.world.run();
  REQUIRE(read->outcome);
  CHECK((*read->outcome)->body.entry->value == "1");
  CHECK(notes->updates.size() == 1);
}

TEST_CASE("what was not kept is told to be unknown, and the store ends",
          "[state_store]") {
  kept_world it;
  const auto notes = std::make_shared<follower_notes>();
  REQUIRE(it.follow(it.follower(notes), {"", true}));
  const auto first = it.begin("a", "1");
  const auto second = it.begin("b", "1");
  it.keeper->end(protocol::fail(errc::unreachable, "the disk is gone"));
  it.world.run();
  REQUIRE(first->outcome);
  REQUIRE(second->outcome);
  CHECK(first->code() == errc::unreachable);
  CHECK(second->code() == errc::unreachable);
  CHECK(notes->updates.empty());
  CHECK(it.begin("c", "1")->code() == errc::unreachable);
}

TEST_CASE("a store that has ended has let go of its keeper", "[state_store]") {
  kept_world it;
  const auto write = it.begin("a", "1");
  CHECK(it.keeper.use_count() > 1);
  SECTION("since it was told to") {
    it.world.end(it.store);
  }
  SECTION("since nothing was kept") {
    it.keeper->end(protocol::fail(errc::unreachable, "the disk is gone"));
    it.world.run();
  }
  CHECK(it.keeper.use_count() == 1); // though somebody still knows the store
}

TEST_CASE("N3: a store that speaks for the state no more answers nobody",
          "[state_store]") {
  kept_world it;
  protocol::request<protocol::read_state> ask;
  ask.body.key = "a";
  const auto write = it.begin("a", "1");
  const auto read = it.world.ask<state_world::value>(it.store, ask);
  it.keeper->serves = false;
  CHECK(it.begin("b", "1")->code() == errc::unreachable);
  it.keeper->end();
  it.world.run();
  CHECK(write->code() == errc::unreachable);
  CHECK(read->code() == errc::unreachable);
}

TEST_CASE("P7: who ends a subscription is told nothing behind the answer",
          "[state_store]") {
  kept_world it;
  const auto notes = std::make_shared<follower_notes>();
  const auto name = it.follow(it.follower(notes), {"", true});
  const auto write = it.begin("a", "1");
  const auto gone = it.world.ask<protocol::response<protocol::unsubscribed>>(
      it.store, protocol::request<protocol::unsubscribe>{{}, {name}});
  CHECK_FALSE(gone->outcome);
  it.keeper->end();
  it.world.run();
  REQUIRE(gone->outcome);
  CHECK(notes->updates.size() == 1); // it was sent before
  const auto later = it.begin("a", "2");
  it.keeper->end();
  it.world.run();
  CHECK(notes->updates.size() == 1);
}

TEST_CASE("P4: a conflict with what is not kept is told when that is kept",
          "[state_store]") {
  kept_world it;
  const auto first = it.begin("a", "1");
  protocol::request<protocol::write_state> ask;
  ask.body.changes = {{"a", protocol::state_operation::put, 7, "2", {}}};
  const auto second = it.world.ask<written>(it.store, ask);
  CHECK_FALSE(second->outcome);
  SECTION("it is") {
    it.keeper->end();
    it.world.run();
    CHECK(second->code() == errc::version_conflict);
  }
  SECTION("it is not") {
    it.keeper->end(protocol::fail(errc::unreachable, "the disk is gone"));
    it.world.run();
    CHECK(second->code() == errc::unreachable);
  }
}

TEST_CASE("P2: a store that could not tell what it has kept ends",
          "[state_store]") {
  kept_world it;
  const auto write = it.begin("a", "1");
  it.keeper->serves = false; // its lease has run out meanwhile
  it.keeper->end();
  it.world.run();
  CHECK(write->code() == errc::unreachable);
  it.keeper->serves = true; // and is had again: followers lack a commit
  CHECK(it.begin("b", "1")->code() == errc::unreachable);
}
