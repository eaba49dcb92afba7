#include "support/catch.hpp"
#include "support/message_samples.hpp"
#include "troupe/protocol/message_variant.hpp"
#include "troupe/protocol/mission.hpp"
#include "troupe/protocol/print.hpp"

namespace troupe::protocol {

TEST_CASE("a body prints with its name and what is not default", "[print]") {
  perform_task task;
  task.task = "a";
  task.attempt = 2;
  task.level = tier::expert;
  task.inputs = {{"x", "line\n\"two\""}};
  CHECK(to_text(task)
        == "perform_task{task: \"a\", attempt: 2, inputs: [{name: \"x\", "
           "text: \"line\\n\\\"two\\\"\"}], level: expert}");
  CHECK(to_text(perform_task{}) == "perform_task{}");
}

TEST_CASE("an envelope prints its kind, header and body", "[print]") {
  coordination<cancel> message;
  message.head.from = "cli";
  message.body.reason = "user";
  CHECK(to_text(message)
        == "coordination cancel{head: {from: \"cli\"}, body: {scope: "
           "00000000-0000-0000-0000-000000000000, reason: \"user\"}}");
  state_update update;
  update.body.revision = 7;
  update.body.changes.push_back({"k", 3});
  CHECK(to_text(update)
        == "state_update state_commit{head: {}, body: {revision: 7, at: "
           "1970-01-01T00:00:00Z, changes: [{key: \"k\", version: 3}]}}");
}

TEST_CASE("values print in their text forms", "[print]") {
  task_spec task;
  task.timeout = std::chrono::milliseconds{1500};
  task.budget = money{12'500'000};
  task.level = tier::basic;
  CHECK(to_text(task) == "{level: basic, timeout: 1.5s, budget: 0.0125}");
  model_reply reply;
  reply.content = {text_part{"hi"}};
  reply.simulated = true;
  CHECK(to_text(reply)
        == "model_reply{content: [text{text: \"hi\"}], simulated: true}");
}

TEST_CASE("a long text is cut and its length told", "[print]") {
  CHECK(to_text(model_delta{std::string(80, 'a')})
        == "model_delta{text: \"" + std::string(80, 'a') + "\"}");
  CHECK(to_text(model_delta{std::string(1234, 'a')})
        == "model_delta{text: \"" + std::string(80, 'a')
               + "\"... (1234 bytes)}");
  const auto umlaut = std::string(79, 'a') + "\xC3\xA4";
  CHECK(to_text(model_delta{umlaut})
        == "model_delta{text: \"" + std::string(79, 'a') + "\"... (81 bytes)}");
}

TEST_CASE("a long list is cut and its length told", "[print]") {
  agent_card card;
  card.skills.assign(100, "s");
  const auto text = to_text(card);
  CHECK(text.size() < 120);
  CHECK(text.find("... 100 in all]") != std::string::npos);
}

TEST_CASE("nothing printed breaks a line or a terminal", "[print]") {
  const std::uint64_t seed = 91;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (int i = 0; i < 1000; ++i) {
    const auto message = test::random_message(chance);
    const auto text =
        std::visit([](const auto& m) { return to_text(m); },
                   static_cast<const any_message::variant&>(message));
    for (const char c : text) {
      const auto code = static_cast<unsigned char>(c);
      REQUIRE((code >= 0x20 && code != 0x7F));
    }
  }
}

} // namespace troupe::protocol
