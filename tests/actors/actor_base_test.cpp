#include "support/actors/counter.hpp"
#include "support/actors/show_result.hpp"
#include "support/virtual_time.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::perform_task;
using protocol::task_result;
using test::counted;

namespace {

using perform = protocol::request<perform_task>;
using performed = protocol::response<task_result>;
using delta = protocol::notification<protocol::model_delta>;

perform task(const std::string& name) {
  perform ask;
  ask.head.message = {1, std::hash<std::string>{}(name)};
  ask.head.from = "tester";
  ask.body.task = name;
  return ask;
}

struct bench {
  explicit bench(mailbox_limits limits = {}) {
    who = world.keep(caf::actor_cast<test::counter_actor>(
        world.system().spawn<test::counter>(world.clock(), limits, log)));
    world.run();
  }

  std::uint64_t count(message_count which) {
    return statistics_of(world.system()).count(which);
  }

  /// Sends notes and then a request before the receiver can run.
  protocol::result<performed> ask_behind(std::vector<std::string> notes,
                                         perform ask) {
    auto outcome = std::make_shared<std::optional<protocol::error>>();
    auto answer = std::make_shared<performed>();
    world.keep(world.system().spawn(
        [=, to = who](caf::event_based_actor* self) -> caf::behavior {
          for (const auto& text : notes)
            self->send(to, delta{{}, {text}});
          self->request(to, caf::infinite, ask)
              .then([=](performed& it) { *answer = std::move(it); },
                    [=](const caf::error& why) { *outcome = from_caf(why); });
          return {[](const protocol::coordination<protocol::undelivered>&) {
          }};
        }));
    world.run();
    if (*outcome)
      return **outcome;
    return *answer;
  }

  test::virtual_time world;
  std::shared_ptr<counted> log = std::make_shared<counted>();
  test::counter_actor who;
};

mailbox_limits at_most(std::uint32_t messages, overflow when_full) {
  mailbox_limits limits;
  limits.messages_max = messages;
  limits.when_full = when_full;
  limits.waiting_max = 2;
  return limits;
}

} // namespace

TEST_CASE("M1: what a full mailbox has no room for is refused to its sender",
          "[actor_base]") {
  bench it{at_most(2, overflow::reject)};
  const auto outcome = it.ask_behind({"a", "b", "c"}, task("d"));
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == errc::overloaded);
  CHECK(it.log->handled == std::vector<std::string>{"a", "b"});
  CHECK(it.count(message_count::accepted) == 2);
  CHECK(it.count(message_count::refused) == 2);
  CHECK(it.world.answer<performed>(it.who, task("e"))); // room again
}

TEST_CASE("M1: a mailbox is bounded in bytes as well", "[actor_base]") {
  mailbox_limits limits;
  limits.bytes_max = 10'000;
  bench it{limits};
  auto large = task("large");
  large.body.prompt.assign(6'000, 'x');
  CHECK(it.ask_behind({std::string(6'000, 'y')}, large).error().code
        == errc::overloaded);
  large.body.prompt.assign(20'000, 'x'); // never fits: not to be tried again
  CHECK(it.world.answer<performed>(it.who, large).error().code
        == errc::limit_exceeded);
  large.body.prompt.assign(6'000, 'x');
  CHECK(it.world.answer<performed>(it.who, large));
}

TEST_CASE("a refused message is listed as a dead letter", "[actor_base]") {
  bench it{at_most(1, overflow::reject)};
  (void)it.ask_behind({"a"}, task("b"));
  const auto letters = statistics_of(it.world.system()).dead_letters();
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].type == "perform_task");
  CHECK(letters[0].from == "tester");
  CHECK(letters[0].receiver == "counter");
  CHECK(letters[0].why.code == errc::overloaded);
  CHECK(letters[0].message == task("b").head.message);
}

TEST_CASE("a one-way message that is refused goes back to its sender",
          "[actor_base]") {
  bench it{at_most(1, overflow::reject)};
  auto back = std::make_shared<std::vector<protocol::undelivered>>();
  it.world.keep(it.world.system().spawn(
      [to = it.who, back](caf::event_based_actor* self) -> caf::behavior {
        for (const auto* name : {"a", "b"}) {
          delta piece{{}, {name}};
          piece.head.message = {9, 9};
          self->send(to, std::move(piece));
        }
        return {
            [back](const protocol::coordination<protocol::undelivered>& note) {
              back->push_back(note.body);
            }};
      }));
  it.world.run();
  REQUIRE(back->size() == 1);
  CHECK(back->at(0).type == "model_delta");
  CHECK(back->at(0).message == protocol::id{9, 9});
  CHECK(back->at(0).why.code == errc::overloaded);
}

TEST_CASE("telemetry gives up the oldest message for the newest",
          "[actor_base]") {
  bench it{at_most(3, overflow::drop_oldest)};
  for (int i = 0; i < 100; ++i)
    caf::anon_send(it.who, delta{{}, {std::to_string(i)}});
  it.world.run();
  CHECK(it.log->handled == std::vector<std::string>{"97", "98", "99"});
  CHECK(it.count(message_count::dropped) == 97);
  for (int i = 100; i < 103; ++i)
    caf::anon_send(it.who, delta{{}, {std::to_string(i)}});
  it.world.run();
  CHECK(it.log->handled.size() == 6);
}

TEST_CASE("with a deadline, a message may wait for room in a mailbox",
          "[actor_base]") {
  bench it{at_most(1, overflow::wait)};
  const auto ask = [&](const std::string& name) {
    auto message = task(name);
    message.head.deadline = it.world.now() + 10s;
    caf::anon_send(it.who, std::move(message));
  };
  ask("a"); // in the mailbox
  ask("b"); // these two wait
  ask("c");
  ask("d"); // no room to wait
  it.world.run();
  CHECK(it.log->handled == std::vector<std::string>{"a", "b", "c"});
  CHECK(it.count(message_count::refused) == 1);
  caf::anon_send(it.who, delta{{}, {"e"}});
  caf::anon_send(it.who, delta{{}, {"no deadline"}});
  it.world.run();
  CHECK(it.log->handled.back() == "e");
  CHECK(it.count(message_count::refused) == 2);
}

TEST_CASE("M2: a cancel is not kept waiting by data", "[actor_base]") {
  bench it;
  for (int i = 0; i < 9'000; ++i)
    caf::anon_send(it.who, delta{{}, {"data"}});
  protocol::coordination<protocol::cancel> stop;
  stop.body = {{7, 7}, "now"};
  caf::anon_send(it.who, stop);
  it.world.run();
  const auto& handled = it.log->handled;
  const auto at = std::find(handled.begin(), handled.end(), "cancel now");
  CHECK(at - handled.begin() <= 3);
  CHECK(handled.size() == 9'001);
}

TEST_CASE("M2: a full mailbox still takes control messages", "[actor_base]") {
  bench it{at_most(1, overflow::reject)};
  caf::anon_send(it.who, delta{{}, {"data"}});
  protocol::coordination<protocol::cancel> stop;
  stop.body = {{7, 7}, "now"};
  for (int i = 0; i < 50; ++i)
    caf::anon_send(it.who, stop);
  it.world.run();
  CHECK(it.log->handled.size() == 51);
}

TEST_CASE("a cancel that overtakes its request ends it all the same",
          "[actor_base]") {
  bench it;
  protocol::coordination<protocol::cancel> stop;
  stop.body = {{7, 7}, "too late"};
  it.world.tell(it.who, stop);
  auto ask = task("a");
  ask.head.cancel_scope = {7, 7};
  const auto outcome = it.world.answer<performed>(it.who, ask);
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == errc::cancelled);
  CHECK(outcome.error().detail == "too late");
  CHECK(it.log->handled == std::vector<std::string>{"cancel too late"});
}

TEST_CASE("R4: work whose deadline has passed is not started", "[actor_base]") {
  bench it;
  auto ask = task("a");
  ask.head.deadline = it.world.now();
  const auto outcome = it.world.answer<performed>(it.who, ask);
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == errc::deadline_exceeded);
  CHECK(it.log->handled.empty());
  CHECK(it.count(message_count::expired) == 1);
  ask.head.deadline += 1ms;
  CHECK(it.world.answer<performed>(it.who, ask));
}

TEST_CASE("R3: a request to an actor that has ended is unreachable at once",
          "[actor_base]") {
  bench it;
  it.world.end(it.who);
  CHECK(it.world.answer<performed>(it.who, task("a")).error().code
        == errc::unreachable);
}

TEST_CASE(
    "R3: an actor that has ended is unreachable however often it is asked",
    "[actor_base]") {
  const auto when_full =
      GENERATE(overflow::reject, overflow::drop_oldest, overflow::wait);
  bench it{at_most(2, when_full)};
  for (int i = 0; i < 2; ++i)
    caf::anon_send(it.who, delta{{}, {"full"}});
  caf::anon_send_exit(it.who, caf::exit_reason::kill);
  it.world.run();
  for (int i = 0; i < 10; ++i)
    CHECK(it.world.answer<performed>(it.who, task("a")).error().code
          == errc::unreachable);
  CHECK(it.count(message_count::refused) == 0);
}

TEST_CASE("R3: one-way messages to an actor that has ended go back",
          "[actor_base]") {
  const auto when_full =
      GENERATE(overflow::reject, overflow::drop_oldest, overflow::wait);
  bench it{at_most(10, when_full)};
  auto back = std::make_shared<std::vector<protocol::undelivered>>();
  it.world.keep(it.world.system().spawn(
      [to = it.who, back](caf::event_based_actor* self) -> caf::behavior {
        self->send_exit(to, caf::exit_reason::kill);
        for (int i = 0; i < 8; ++i)
          self->send(to, delta{{}, {"in its mailbox"}});
        self->delayed_send(self, 1s, 1);
        return {[=](int) {
                  self->send(to, delta{{}, {"too late"}});
                },
                [=](const protocol::coordination<protocol::undelivered>& note) {
                  back->push_back(note.body);
                }};
      }));
  it.world.run();
  CHECK(back->size() == 8);
  it.world.advance(1s);
  CHECK(back->size() == 9);
  CHECK(it.log->handled.empty());
  for (const auto& note : *back)
    CHECK(note.why.code == errc::unreachable);
  CHECK(it.count(message_count::undelivered) == back->size());
  CHECK(statistics_of(it.world.system()).dead_letters().size() == back->size());
}

TEST_CASE("R6: messages of one sender are handled in sending order",
          "[actor_base]") {
  bench it;
  std::vector<std::string> sent;
  it.world.keep(it.world.system().spawn(
      [to = it.who, &sent](caf::event_based_actor* self) -> caf::behavior {
        for (int i = 0; i < 2'000; ++i) {
          sent.push_back(std::to_string(i));
          if (i % 3 == 0)
            self->request(to, caf::infinite, task(sent.back()))
                .then([](const performed&) {});
          else
            self->send(to, delta{{}, {sent.back()}});
        }
        return {[](int) {
        }};
      }));
  it.world.run();
  CHECK(it.log->handled == sent);
}

TEST_CASE("a receiver confirms a message when it is asked to", "[actor_base]") {
  bench it;
  it.log->holds = true; // confirmed long before it is answered
  auto confirmed = std::make_shared<std::vector<protocol::id>>();
  it.world.keep(it.world.system().spawn(
      [to = it.who, confirmed](caf::event_based_actor* self) -> caf::behavior {
        auto ask = task("a");
        ask.head.confirm = true;
        self->request(to, caf::infinite, ask).then([](const performed&) {});
        return {[=](const protocol::coordination<protocol::delivered>& note) {
          confirmed->push_back(note.body.message);
        }};
      }));
  it.world.run();
  CHECK(*confirmed == std::vector<protocol::id>{task("a").head.message});
  it.log->held.clear();
}
