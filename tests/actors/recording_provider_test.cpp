#include "support/actors/spy.hpp"
#include "support/catch.hpp"
#include "troupe/actors/recording_provider.hpp"

#include <caf/all.hpp>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::model_exchange;
using test::provider_spy;
using test::reply_of;

namespace {

using reply = protocol::response<protocol::model_reply>;
using cancel = protocol::coordination<protocol::cancel>;

struct spy_log : exchange_log {
  std::vector<model_exchange> kept;
  std::optional<protocol::error> refuses;
  std::uint64_t begun = 0;

  std::uint64_t next_number() override { return ++begun; }
  protocol::result<void> append(const model_exchange& it) override {
    if (refuses)
      return *refuses;
    kept.push_back(it);
    return {};
  }
};

protocol::request<protocol::model_call> call_of(std::uint64_t number) {
  protocol::request<protocol::model_call> ask;
  ask.head.message = {1, number};
  ask.head.cancel_scope = {2, number};
  ask.body.model = "m";
  ask.body.account = "default/m/t/writer";
  ask.body.messages = {{protocol::chat_role::user,
                        {protocol::text_part{std::to_string(number)}}}};
  return ask;
}

/// A recorder before a scripted provider.
struct recording_world {
  explicit recording_world(std::vector<std::string> secrets = {}) {
    recording_config config;
    config.provider = "p";
    config.to = caf::actor_cast<provider_actor>(inner);
    config.log = log;
    config.secrets = std::move(secrets);
    config.clock = world.clock();
    config.has_own_thread = false;
    recorder =
        world.keep(spawn_recording_provider(world.system(), std::move(config)));
    world.run();
  }

  auto ask(const protocol::request<protocol::model_call>& what) {
    auto asked = world.ask<reply>(recorder, what);
    world.run();
    return asked;
  }

  test::virtual_time world;
  std::shared_ptr<spy_log> log = std::make_shared<spy_log>();
  std::shared_ptr<provider_spy> behind = std::make_shared<provider_spy>();
  provider_spy::handle inner = test::spawn_spy(world, behind);
  provider_actor recorder;
};

/// A provider that answers from what was recorded.
struct replay_world {
  explicit replay_world(std::vector<model_exchange> recorded) {
    book = std::make_shared<exchange_book>(std::move(recorded),
                                           protocol::replay_mode::strict);
    provider = world.keep(spawn_replaying_provider(
        world.system(), {"p", book, {"tulip-42"}, world.clock(), 1}));
    world.run();
  }

  auto ask(const protocol::request<protocol::model_call>& what) {
    auto asked = world.ask<reply>(provider, what);
    world.run();
    return asked;
  }

  test::virtual_time world;
  std::shared_ptr<exchange_book> book;
  provider_actor provider;
};

} // namespace

TEST_CASE("a call is recorded with its pieces and its reply",
          "[recording_provider]") {
  recording_world it;
  it.behind->deltas = {"Hel", "lo"};
  const auto asked = it.ask(call_of(7));
  REQUIRE(asked->deltas.size() == 2);
  CHECK(asked->deltas[1].head.correlation == protocol::id{1, 7});
  it.world.advance(2s);
  CHECK(asked->is_open());
  it.behind->release(0, reply_of("Hello"));
  it.world.run();
  REQUIRE(asked->outcome);
  REQUIRE(asked->outcome->has_value());
  CHECK((*asked->outcome)->head.correlation == protocol::id{1, 7});
  CHECK((*asked->outcome)->head.content == protocol::taint::untrusted);
  REQUIRE(it.log->kept.size() == 1);
  const auto& made = it.log->kept[0];
  CHECK(made.number == 1);
  CHECK(made.provider == "p");
  CHECK(made.asked == call_of(7).body);
  CHECK(made.took == 2s);
  REQUIRE(made.pieces.size() == 2);
  CHECK(made.pieces[0].text == "Hel");
  CHECK(made.reply == reply_of("Hello"));
  CHECK_FALSE(made.failure);
}

TEST_CASE("a failed call is recorded with its error", "[recording_provider]") {
  recording_world it;
  auto why = protocol::fail(errc::provider_throttled, "429");
  why.retry_after = 3s;
  it.behind->script = [&](const auto&) {
    return std::optional<protocol::result<protocol::model_reply>>{why};
  };
  const auto asked = it.ask(call_of(1));
  CHECK(asked->code() == errc::provider_throttled);
  CHECK(asked->outcome->error().retry_after == 3s);
  REQUIRE(it.log->kept.size() == 1);
  CHECK(it.log->kept[0].failure == why);
}

TEST_CASE("a cancel reaches the provider through the recorder",
          "[recording_provider]") {
  recording_world it;
  const auto asked = it.ask(call_of(4));
  it.world.tell(it.recorder, cancel{{}, {{2, 4}, "enough"}});
  it.world.run();
  CHECK(asked->code() == errc::cancelled);
  REQUIRE(it.log->kept.size() == 1);
  CHECK(it.log->kept[0].failure->code == errc::cancelled);
}

TEST_CASE("calls go on when the recording has ended too early",
          "[recording_provider]") {
  recording_world it;
  it.log->refuses = protocol::fail(errc::file_unreadable, "the disk is full");
  it.behind->script = [](const auto&) {
    return std::optional<protocol::result<protocol::model_reply>>{
        reply_of("ok")};
  };
  CHECK(it.ask(call_of(1))->outcome->has_value());
  CHECK(it.ask(call_of(2))->outcome->has_value());
}

TEST_CASE("a recorder ends with its provider, and its provider with it",
          "[recording_provider]") {
  recording_world it;
  const auto asked = it.ask(call_of(1));
  it.world.end(it.inner);
  it.world.run();
  CHECK(asked->code() == errc::unreachable);
  CHECK(it.ask(call_of(2))->code() == errc::unreachable);
  recording_world other;
  other.world.end(other.recorder);
  other.world.run();
  const auto late = other.world.ask<reply>(other.inner, call_of(1));
  other.world.run();
  CHECK_FALSE(late->is_open());
  CHECK(other.behind->asked.empty());
}

TEST_CASE("no secret is recorded, not even across pieces",
          "[recording_provider]") {
  recording_world it{{"tulip-42"}};
  it.behind->deltas = {"the tul", "ip-42", "!"};
  it.behind->script = [](const auto&) {
    return std::optional<protocol::result<protocol::model_reply>>{
        reply_of("the tulip-42!")};
  };
  auto ask = call_of(1);
  ask.body.system = "key=tulip-42";
  CHECK(it.ask(ask)->outcome->has_value());
  REQUIRE(it.log->kept.size() == 1);
  const auto line = to_line(it.log->kept[0]);
  INFO(line);
  CHECK(line.find("tul") == std::string::npos);
  CHECK(line.find("key=[redacted]") != std::string::npos);
  CHECK(it.behind->asked[0].body.system == "key=tulip-42");
}

TEST_CASE("a recorded call is answered again, pieces first",
          "[replaying_provider]") {
  model_exchange made;
  made.provider = "p";
  made.asked = call_of(3).body;
  made.asked.system = "key=[redacted]";
  made.pieces = {{1s, "Hel"}, {2s, "lo"}};
  made.reply = reply_of("Hello");
  replay_world it{{made, made}};
  auto ask = call_of(3);
  ask.body.system = "key=tulip-42";
  const auto asked = it.ask(ask);
  REQUIRE(asked->outcome);
  REQUIRE(asked->outcome->has_value());
  const auto& answer = **asked->outcome;
  CHECK(answer.head.correlation == protocol::id{1, 3});
  CHECK(answer.head.content == protocol::taint::untrusted);
  CHECK(answer.body.simulated);
  CHECK(protocol::text_of(answer.body.content) == "Hello");
  CHECK(answer.body.used == reply_of("Hello").used);
  REQUIRE(asked->deltas.size() == 2);
  CHECK(asked->deltas[0].body.text == "Hel");
  CHECK(asked->deltas[0].head.correlation == protocol::id{1, 3});
  CHECK(it.book->counts().replayed == 1);
}

TEST_CASE("a recorded error fails again, and a foreign call with a difference",
          "[replaying_provider]") {
  model_exchange made;
  made.provider = "p";
  made.asked = call_of(3).body;
  made.failure = protocol::fail(errc::provider_unavailable, "503");
  made.failure->retry_after = 2s;
  replay_world it{{made}};
  const auto other = it.ask(call_of(4));
  CHECK(other->code() == errc::invalid_request);
  CHECK(other->outcome->error().detail.find("recorded \"3\", now \"4\"")
        != std::string::npos);
  const auto asked = it.ask(call_of(3));
  CHECK(asked->code() == errc::provider_unavailable);
  CHECK(asked->outcome->error().retry_after == 2s);
}

TEST_CASE("a call that had been cancelled waits to be cancelled again",
          "[replaying_provider]") {
  model_exchange made;
  made.provider = "p";
  made.asked = call_of(3).body;
  made.failure = protocol::fail(errc::cancelled, "enough");
  replay_world it{{made, made, made}};
  const auto first = it.ask(call_of(3));
  auto due = call_of(3);
  due.head.message = {1, 33};
  due.head.cancel_scope = {2, 33};
  due.head.deadline = it.world.now() + 5s;
  const auto second = it.ask(due);
  it.world.advance(4s);
  CHECK(first->is_open());
  CHECK(second->is_open());
  it.world.tell(it.provider, cancel{{}, {{2, 3}, "enough"}});
  it.world.run();
  CHECK(first->code() == errc::cancelled);
  it.world.advance(2s);
  CHECK(second->code() == errc::deadline_exceeded);
  due.head.message = {1, 34};
  due.head.deadline = {};
  due.head.cancel_scope = {2, 34};
  const auto third = it.ask(due);
  it.world.end(it.provider);
  it.world.run();
  CHECK(third->code() == errc::unreachable);
}
