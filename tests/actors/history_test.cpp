#include "support/actors/counter.hpp"
#include "support/actors/run_world.hpp"
#include "support/actors/show_result.hpp"
#include "troupe/actors/history.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::find_messages;
using protocol::message_kind;
using protocol::messages_found;
using protocol::perform_task;

namespace {

using perform = protocol::request<perform_task>;
using performed = protocol::response<protocol::task_result>;
using delta = protocol::notification<protocol::model_delta>;

perform task(const std::string& name, std::uint64_t conversation = 1) {
  perform ask;
  ask.head.message = {2, std::hash<std::string>{}(name)};
  ask.head.conversation = {1, conversation};
  ask.head.from = "tester";
  ask.head.to = "counter";
  ask.body.task = name;
  return ask;
}

struct archive {
  explicit archive(history_config config = {}) {
    config.clock = world.clock();
    who = world.keep(spawn_history(world.system(), std::move(config)));
    counter = world.keep(caf::actor_cast<test::counter_actor>(
        world.system().spawn<test::counter>(world.clock(), mailbox_limits{},
                                            log)));
    world.run();
  }

  messages_found find(find_messages ask = {}) {
    const auto page = world.answer<protocol::response<messages_found>>(
        who, protocol::request<find_messages>{{}, std::move(ask)});
    REQUIRE(page);
    CHECK(page->head.content == protocol::taint::untrusted);
    return page->body;
  }

  history_figures count() {
    return world.answer<history_figures>(who, count_history{}).value();
  }

  test::virtual_time world;
  std::shared_ptr<test::counted> log = std::make_shared<test::counted>();
  history_actor who;
  test::counter_actor counter;
};

} // namespace

TEST_CASE("what an actor takes is recorded, and found again", "[history]") {
  archive it;
  it.world.advance(1s);
  const auto first = it.world.now();
  REQUIRE(it.world.answer<performed>(it.counter, task("one")));
  it.world.advance(1s);
  it.world.tell(it.counter, delta{task("x", 2).head, {"tell"}});
  const auto all = it.find().messages;
  REQUIRE(all.size() == 2);
  CHECK(all[0].at == first);
  CHECK(all[0].kind == message_kind::request);
  CHECK(all[0].type == "perform_task");
  CHECK(all[0].head == task("one").head);
  CHECK(all[0].body == R"({"task":"one"})");
  CHECK(all[1].type == "model_delta");
  find_messages ask;
  ask.conversation = {1, 2};
  REQUIRE(it.find(ask).messages.size() == 1);
  CHECK(it.find(ask).messages[0] == all[1]);
  CHECK(it.count().recorded == 2); // asking is not recorded
}

TEST_CASE("a message that is not started is recorded all the same",
          "[history]") {
  archive it;
  auto late = task("late");
  late.head.deadline = it.world.now();
  CHECK_FALSE(it.world.answer<performed>(it.counter, late));
  CHECK(it.find().messages.size() == 1);
  CHECK(it.log->handled.empty());
}

TEST_CASE("after the history has ended, nothing is copied", "[history]") {
  archive it;
  auto& tap = tap_of(it.world.system());
  CHECK(tap.is_on());
  it.world.end(it.who);
  CHECK_FALSE(tap.is_on());
  CHECK(it.world.answer<performed>(it.counter, task("one")));
}

TEST_CASE("a new history takes over, and the end of the old one leaves it be",
          "[history]") {
  archive it;
  const auto old = it.who;
  it.who = it.world.keep(
      spawn_history(it.world.system(), {{}, {}, 1'000, it.world.clock(), 2}));
  it.world.end(old);
  REQUIRE(it.world.answer<performed>(it.counter, task("one")));
  CHECK(it.find().messages.size() == 1);
}

TEST_CASE("conversations are sampled whole or not at all", "[history]") {
  history_config config;
  config.sample_permille = 300;
  archive it{config};
  for (std::uint64_t i = 0; i < 400; ++i)
    for (int n = 0; n < 3; ++n)
      it.world.tell(it.counter, delta{task("x", i).head, {"tell"}});
  std::size_t whole = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    find_messages ask;
    ask.conversation = {1, i};
    const auto found = it.find(ask).messages.size();
    CHECK((found == 0 || found == 3));
    whole += found / 3;
  }
  CHECK(whole > 80);
  CHECK(whole < 160);
}

TEST_CASE("request and answer without a conversation share their fate",
          "[history]") {
  for (std::uint64_t i = 1; i < 100; ++i) {
    protocol::header ask;
    ask.message = {i, i};
    const auto answer = answer_to(ask, {i, 77});
    CHECK(is_sampled(ask, 500) == is_sampled(answer, 500));
    CHECK(is_sampled(ask, 1'000));
    CHECK_FALSE(is_sampled(ask, 0));
  }
}

TEST_CASE("a flood is given up from its old end, and counted", "[history]") {
  history_config config;
  config.limits.waiting_max = 10;
  archive it{config};
  auto& tap = tap_of(it.world.system());
  for (int i = 0; i < 100; ++i) // nobody runs meanwhile
    tap.record(*caf::make_message(delta{{}, {std::to_string(i)}}).vals().get(),
               it.world.now());
  it.world.run();
  const auto all = it.find().messages;
  REQUIRE(all.size() == 10);
  CHECK(all[0].body == R"({"text":"90"})");
  CHECK(statistics_of(it.world.system()).count(message_count::dropped) == 90);
}

TEST_CASE("secrets of the configuration are not kept", "[history]") {
  history_config config;
  config.hide.secrets = {"tulip-garden"};
  archive it{config};
  auto ask = task("one");
  ask.head.from = "tulip-garden";
  ask.body.prompt = "Use tulip-garden and sk-0123456789abcdef.";
  REQUIRE(it.world.answer<performed>(it.counter, ask));
  const auto all = it.find().messages;
  REQUIRE(all.size() == 1);
  CHECK(all[0].head.from == "[redacted]");
  CHECK(all[0].body
        == R"({"task":"one","prompt":"Use [redacted] and [redacted]."})");
}

TEST_CASE("a bad question is told so", "[history]") {
  archive it;
  find_messages ask;
  ask.count_max = 0;
  const auto page = it.world.answer<protocol::response<messages_found>>(
      it.who, protocol::request<find_messages>{{}, ask});
  REQUIRE_FALSE(page);
  CHECK(page.error().code == errc::invalid_request);
}

TEST_CASE("a whole run is recorded, answers included", "[history]") {
  test::run_world it;
  const auto history = it.world.keep(
      spawn_history(it.world.system(), {{}, {}, 1'000, it.world.clock(), 5}));
  it.task("draft", "writer");
  it.start();
  it.agent_says("writer", 0, test::run_world::text("a draft"));
  REQUIRE(it.sink->ends == 1);
  find_messages ask;
  ask.conversation = test::run_world::run_id;
  const auto page = it.world.answer<protocol::response<messages_found>>(
      history, protocol::request<find_messages>{{}, ask});
  REQUIRE(page);
  std::size_t answers = 0;
  for (const auto& one : page->body.messages)
    if (one.type == "task_result") {
      ++answers;
      CHECK(one.kind == message_kind::response);
      CHECK(one.body.find("a draft") != std::string::npos);
    }
  CHECK(answers == 1);
}
