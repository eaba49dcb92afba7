#include "support/actors/show_result.hpp"
#include "support/actors/state_world.hpp"
#include "support/protocol/random_source.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::state_operation;
using protocol::taint;
using test::follower_notes;
using test::state_world;

TEST_CASE("P5: who has written reads it", "[state_store]") {
  state_world it;
  const auto written = it.put("a", "[1,2]");
  REQUIRE(written);
  CHECK(written->head.from.empty());
  const auto seen = it.read("a", written->body.revision);
  REQUIRE(seen);
  CHECK(seen->body.entry->value == "[1,2]");
  CHECK(seen->body.revision == 1);
}

TEST_CASE("P4: of 100 who write at once with one version, one wins",
          "[state_store]") {
  state_world it;
  REQUIRE(it.put("a", "0"));
  using answer = state_world::written;
  std::vector<std::shared_ptr<test::asked<answer>>> all;
  for (int i = 0; i < 100; ++i) {
    protocol::request<protocol::write_state> ask;
    ask.body.changes = {
        {"a", state_operation::put, 1, std::to_string(i + 1), {}}};
    all.push_back(it.world.ask<answer>(it.store, ask));
  }
  int wins = 0;
  for (const auto& one : all) {
    REQUIRE(one->outcome);
    wins += one->outcome->has_value() ? 1 : 0;
    CHECK((one->outcome->has_value() || one->code() == errc::version_conflict));
  }
  CHECK(wins == 1);
  CHECK(it.read("a")->body.entry->version == 2);
}

TEST_CASE("P3: a follower that asks is answered before its first message",
          "[state_store]") {
  state_world it;
  REQUIRE(it.put("a", "1"));
  const auto notes = std::make_shared<follower_notes>();
  const auto store = it.store;
  it.world.keep(
      it.world.system().spawn([notes, store](state_follower_actor::pointer self)
                                  -> state_follower_actor::behavior_type {
        self->request(store, caf::infinite,
                      protocol::request<protocol::subscribe_state>{{}, {"a"}},
                      state_follower_actor{self})
            .then([notes](const state_world::subscribed&) {
              notes->log.emplace_back("subscribed");
            });
        return {
            [notes](const protocol::state_update&) {
              notes->log.emplace_back("update");
            },
            [notes](const protocol::notification<protocol::state_resync>& msg) {
              notes->log.push_back("state of " + msg.head.from);
            },
            [](const protocol::notification<protocol::subscription_gap>&) {},
        };
      }));
  it.world.run();
  REQUIRE(it.put("a", "2"));
  CHECK(notes->log
        == std::vector<std::string>{"subscribed", "state of state-store",
                                    "update"});
}

TEST_CASE("1,000 followers share the body of a commit", "[state_store]") {
  state_world it;
  std::vector<std::shared_ptr<follower_notes>> all;
  for (int i = 0; i < 1'000; ++i) {
    all.push_back(std::make_shared<follower_notes>());
    const auto key = i % 2 == 0 ? "a" : "";
    REQUIRE(it.follow(it.follower(all.back()), {key, i % 2 != 0}));
  }
  REQUIRE(it.put("a", "1"));
  for (const auto& notes : all) {
    REQUIRE(notes->updates.size() == 1);
    REQUIRE(notes->updates.front() == all.front()->updates.front());
  }
}

TEST_CASE("P7: after the acknowledgement nothing comes", "[state_store]") {
  state_world it;
  const auto notes = std::make_shared<follower_notes>();
  const auto who = it.follower(notes);
  const auto name = it.follow(who, {"a"});
  const auto other = it.follow(who, {"b"});
  REQUIRE(it.put("a", "1"));
  REQUIRE(it.unsubscribe(name));
  REQUIRE(it.unsubscribe(name));
  const auto before = notes->messages();
  REQUIRE(it.put("a", "2"));
  it.grant(name, 5);
  CHECK(notes->messages() == before);
  REQUIRE(it.put("b", "2"));
  CHECK(notes->messages() == before + 1);
  CHECK(it.figures().subscriptions == 1);
  REQUIRE(it.unsubscribe(other));
  CHECK(it.figures().subscriptions == 0);
}

TEST_CASE("P7: the death of a follower frees what it had", "[state_store]") {
  state_world it;
  const auto notes = std::make_shared<follower_notes>();
  const auto who = it.follower(notes);
  REQUIRE(it.follow(who, {"a"}));
  REQUIRE(it.follow(who, {"b/", true}));
  CHECK(it.figures().subscriptions == 2);
  it.world.end(who, caf::exit_reason::kill);
  CHECK(it.figures().subscriptions == 0);
  (void)it.follow(who, {"a"}); // dead before it subscribed
  it.world.run();
  CHECK(it.figures().subscriptions == 0);
  CHECK(it.put("a", "1"));
}

TEST_CASE("P8: a key expires in its time, and followers are told",
          "[state_store]") {
  state_world it;
  const auto notes = std::make_shared<follower_notes>();
  REQUIRE(it.follow(it.follower(notes), {"", true}));
  REQUIRE(it.put("late", "1", 90s));
  REQUIRE(it.put("soon", "1", 3s));
  it.world.advance(3s);
  CHECK(notes->view.entries().size() == 1);
  CHECK(notes->view.find("soon") == nullptr);
  REQUIRE(it.write({{"late", state_operation::remove}}));
  it.world.advance(100s);
  CHECK(notes->view.revision() == 4);
  CHECK(it.world.timers() == 0);
}

TEST_CASE("P2: a slow follower is told the gap and then goes on",
          "[state_store]") {
  state_limits limits;
  limits.log_commits = 4;
  state_world it{limits};
  const auto notes = std::make_shared<follower_notes>();
  const auto name = it.follow(it.follower(notes), {"a", false, 0, 3});
  for (int i = 0; i < 20; ++i)
    REQUIRE(it.put("a", std::to_string(i)));
  CHECK(notes->messages() == 3);
  it.grant(name, 3);
  CHECK(notes->gaps == 1);
  CHECK(notes->resyncs == 2);
  CHECK(notes->view.find("a")->version == 20);
  REQUIRE(it.put("a", "20"));
  CHECK(notes->view.find("a")->value == "20");
  CHECK_FALSE(notes->is_broken);
}

TEST_CASE("a request whose deadline has passed is not begun", "[state_store]") {
  state_world it;
  protocol::header head;
  head.deadline = it.world.now();
  const auto late = it.write({{"a", state_operation::put, {}, "1", {}}}, head);
  REQUIRE_FALSE(late);
  CHECK(late.error().code == errc::deadline_exceeded);
  CHECK(it.figures().revision == 0);
}

TEST_CASE("R8: a repeated write gets the first answer and has one effect",
          "[state_store]") {
  state_world it;
  protocol::header head;
  head.from = "writer";
  head.idempotency_key = "once";
  const auto write = [&](const char* json) {
    return it.write({{"a", state_operation::put, {}, json, {}}}, head);
  };
  const auto first = write("1");
  REQUIRE(it.put("a", "2"));
  const auto again = write("1");
  REQUIRE(first);
  REQUIRE(again);
  CHECK(first->body == again->body);
  CHECK(it.read("a")->body.entry->value == "2");
  const auto other = write("3");
  REQUIRE_FALSE(other);
  CHECK(other.error().code == errc::key_conflict);
}

TEST_CASE("what an untrusted request wrote is untrusted wherever it goes",
          "[state_store]") {
  state_world it;
  const auto notes = std::make_shared<follower_notes>();
  protocol::header head;
  head.content = taint::untrusted;
  REQUIRE(it.write({{"a", state_operation::put, {}, "1", {}}}, head));
  CHECK(it.read("a")->head.content == taint::untrusted);
  CHECK(it.read("b")->head.content == taint::trusted);
  REQUIRE(it.follow(it.follower(notes), {"a"}));
  CHECK(notes->saw_untrusted);
}

TEST_CASE("P1: a store that is started again uses no version twice",
          "[state_store]") {
  const auto mark = std::make_shared<state_mark>();
  state_world it{{}, mark};
  for (int i = 0; i < 7; ++i)
    REQUIRE(it.put("a", "1"));
  CHECK(mark->load() == 7);
  it.world.end(it.store, caf::exit_reason::kill);
  it.store = it.world.keep(
      spawn_state_store(it.world.system(), {{}, it.world.clock(), 2, mark}));
  const auto written = it.put("a", "1");
  REQUIRE(written);
  CHECK(written->body.revision > 7);
  CHECK(written->body.versions.front() > 7);
}

TEST_CASE("M4: 1,000 followers with random credit; the slow cost only "
          "themselves",
          "[state_store]") {
  const std::uint64_t seed = 4711;
  INFO("seed " << seed);
  protocol::test::random_source source{seed};
  state_limits limits;
  limits.log_commits = 32;
  state_world it{limits};
  struct one {
    std::shared_ptr<follower_notes> notes = std::make_shared<follower_notes>();
    protocol::id name;
    std::uint32_t window = 0;
  };
  std::vector<one> all(1'000);
  for (auto& each : all) {
    each.window = 1 + static_cast<std::uint32_t>(source.below(8));
    const auto key = std::string(1, static_cast<char>('a' + source.below(4)));
    each.name = it.follow(it.follower(each.notes),
                          {key, source.coin(), 0, each.window});
    REQUIRE(each.name);
  }
  // The last hundred never grant.
  for (int i = 0; i < 150; ++i) {
    const auto key = std::string(1, static_cast<char>('a' + source.below(4)));
    REQUIRE(it.put(source.coin() ? key : key + "/x", std::to_string(i)));
    for (int k = 0; k < 60; ++k) {
      const auto& each = all.at(source.below(900));
      it.grant(each.name, 1 + static_cast<std::uint32_t>(source.below(9)));
    }
  }
  const auto figures = it.figures();
  CHECK(figures.log_commits == 32);
  CHECK(figures.gaps > 50);
  for (std::size_t i = 900; i < 1'000; ++i)
    REQUIRE(all[i].notes->messages() <= all[i].window);
  for (std::size_t i = 0; i < 900; ++i) {
    for (int k = 0; k < 40; ++k)
      it.grant(all[i].name, all[i].window);
    const auto& view = all[i].notes->view;
    REQUIRE_FALSE(all[i].notes->is_broken);
    REQUIRE(view.is_current());
    for (const auto& [key, entry] : view.entries())
      REQUIRE(it.read(key)->body.entry->version == entry.version);
  }
}
