#include "support/actors/run_world.hpp"
#include "support/actors/show_result.hpp"
#include "support/message_samples.hpp"
#include "troupe/actors/function_agent.hpp"
#include "troupe/actors/record_message.hpp"
#include "troupe/actors/replay.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::message_kind;
using protocol::messages_found;
using protocol::result;

namespace {

using perform = protocol::request<protocol::perform_task>;
using performed = protocol::response<protocol::task_result>;

agent_actor spawn_writer(test::virtual_time& world, std::string name) {
  function_agent_config config;
  config.name = name;
  config.clock = world.clock();
  config.code = [name](const task_work& work) -> result<protocol::task_result> {
    const auto& ask = work.asked;
    protocol::task_result it;
    it.output = name + " did: " + ask.body.prompt;
    for (const auto& input : ask.body.inputs)
      it.output += " with " + input.text;
    return it;
  };
  return world.keep(spawn_function_agent(world.system(), std::move(config)));
}

std::vector<replayed_answer> replay(test::virtual_time& world,
                                    std::vector<protocol::any_message> messages,
                                    std::string agent, caf::actor to,
                                    protocol::duration wait = 0s) {
  std::vector<replayed_answer> answers;
  int calls = 0;
  spawn_replay(world.system(),
               {std::move(messages), std::move(agent), std::move(to), 30s,
                world.clock()},
               [&](std::vector<replayed_answer> all) {
                 answers = std::move(all);
                 ++calls;
               });
  world.run();
  world.advance(wait);
  CHECK(calls == 1);
  return answers;
}

perform asking(const std::string& to, const std::string& prompt) {
  perform ask;
  ask.head.message = {1, std::hash<std::string>{}(prompt)};
  ask.head.to = to;
  ask.head.deadline = protocol::instant{1s}; // long ago
  ask.head.confirm = true;
  ask.body.prompt = prompt;
  return ask;
}

} // namespace

// The example of the documentation: a recorded run as a test of an agent.
TEST_CASE("a fresh agent answers a recorded run as the old one did",
          "[replay]") {
  test::run_world run;
  const auto history = run.world.keep(
      spawn_history(run.world.system(), {{}, {}, 1'000, run.world.clock(), 5}));
  run.add_agent("writer", spawn_writer(run.world, "writer"));
  run.add_agent("critic", spawn_writer(run.world, "critic"));
  run.task("draft", "writer");
  run.task("review", "critic", {"draft"});
  run.task("final", "writer", {"draft", "review"});
  run.start();
  REQUIRE(run.sink->ends == 1);

  protocol::find_messages ask;
  ask.conversation = test::run_world::run_id;
  ask.agent = "writer";
  const auto found = run.world.answer<protocol::response<messages_found>>(
      history, protocol::request<protocol::find_messages>{{}, ask});
  REQUIRE(found);
  const auto messages = messages_of(found->body.messages);
  REQUIRE(messages);
  std::map<protocol::id, protocol::task_result> recorded;
  for (const auto& it : *messages)
    if (const auto* answer = std::get_if<performed>(&it))
      recorded[answer->head.correlation] = answer->body;
  REQUIRE(recorded.size() == 2);

  test::virtual_time fresh;
  const auto answers =
      replay(fresh, *messages, "writer",
             caf::actor_cast<caf::actor>(spawn_writer(fresh, "writer")));
  REQUIRE(answers.size() == 2);
  for (const auto& it : answers) {
    REQUIRE(it.answer);
    const auto* answer = std::get_if<performed>(&*it.answer);
    REQUIRE(answer != nullptr);
    CHECK(answer->body == recorded.at(it.asked.message));
  }
}

TEST_CASE("answers stand in the order of the requests of one agent",
          "[replay]") {
  test::virtual_time world;
  const auto writer = caf::actor_cast<caf::actor>(spawn_writer(world, "w"));
  const auto answers =
      replay(world,
             {asking("w", "one"), asking("x", "no"), asking("w", "two"),
              performed{}, asking("w", "three")},
             "w", writer);
  REQUIRE(answers.size() == 3);
  CHECK(answers[0].asked.message == asking("w", "one").head.message);
  for (const auto& it : answers)
    CHECK(it.answer);
  CHECK(std::get<performed>(*answers[2].answer).body.output == "w did: three");
}

TEST_CASE("an agent that is gone or silent is told of, request by request",
          "[replay]") {
  test::virtual_time world;
  const auto silent = std::make_shared<test::agent_spy>();
  auto answers =
      replay(world, {asking("w", "one")}, "",
             caf::actor_cast<caf::actor>(test::spawn_spy(world, silent)), 31s);
  REQUIRE(answers.size() == 1);
  REQUIRE_FALSE(answers[0].answer);
  CHECK(answers[0].answer.error().code == errc::deadline_exceeded);

  const auto gone = spawn_writer(world, "w");
  world.end(gone);
  answers = replay(world, {asking("w", "one")}, "",
                   caf::actor_cast<caf::actor>(gone));
  REQUIRE(answers.size() == 1);
  REQUIRE_FALSE(answers[0].answer);
  CHECK(answers[0].answer.error().code == errc::unreachable);
  CHECK(replay(world, {}, "", {}).empty());
  world.advance(2s); // the last wake-up
  CHECK(world.timers() == 0);
}

TEST_CASE("R3: a replay ends when the agent under test does", "[replay]") {
  test::virtual_time world;
  const auto dying = std::make_shared<test::agent_spy>();
  dying->script = [&](const perform&) {
    caf::anon_send_exit(caf::actor_cast<caf::actor>(dying->self),
                        caf::exit_reason::kill);
    return std::nullopt; // it keeps the request
  };
  const auto answers =
      replay(world, {asking("w", "one")}, "",
             caf::actor_cast<caf::actor>(test::spawn_spy(world, dying)));
  REQUIRE(dying->held.size() == 1);
  REQUIRE(answers.size() == 1);
  REQUIRE_FALSE(answers[0].answer);
  CHECK(answers[0].answer.error().code == errc::unreachable);
}

TEST_CASE("every message survives lines of text and CAF", "[replay]") {
  protocol::test::random_source source{17};
  std::vector<protocol::any_message> sent;
  std::string lines = "\n";
  for (std::size_t type = 0; type < protocol::test::message_type_count();
       ++type) {
    sent.push_back(protocol::test::random_message(type, source));
    lines += encode_message(sent.back()) + "\r\n\n";
    const auto message = to_caf_message(sent.back());
    REQUIRE(message.size() == 1);
    const auto* tapped = find_tapped_type(message.type(0).second);
    if (tapped != nullptr) // all but those about the history
      CHECK(tapped->copy(message.get(0)).message == sent.back());
  }
  const auto read = read_message_lines(lines);
  REQUIRE(read);
  CHECK(*read == sent);
}

TEST_CASE("a line or record that is no message is named", "[replay]") {
  const auto good = encode_message(performed{});
  const auto lines = read_message_lines(good + "\n\n{}\n");
  REQUIRE_FALSE(lines);
  CHECK(lines.error().code == errc::malformed_message);
  CHECK(lines.error().detail.rfind("line 3: ", 0) == 0);
  protocol::recorded_message record;
  record.sequence = 7;
  record.kind = message_kind::request;
  record.type = "perform_task";
  record.body = R"({"level":"[redacted]"})";
  const auto records = messages_of({&record, 1});
  REQUIRE_FALSE(records);
  CHECK(records.error().detail.rfind("sequence 7: ", 0) == 0);
}
