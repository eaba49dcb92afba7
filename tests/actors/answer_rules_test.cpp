#include "answer_rules.hpp"
#include "support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::chat_role;
using protocol::errc;
using protocol::model_call;
using protocol::stop_reason;
using protocol::text_part;

namespace {

model_call some_call() {
  model_call call;
  call.account = "t/m/a";
  call.system = "You are brief.";
  call.messages = {{chat_role::user, {text_part{"Say hello."}}}};
  call.tools = {{"clock", "Tells the time.", "{}"}};
  return call;
}

/// Whether a change of the call makes it another one.
template <class Change>
bool counts(Change change, model_call call = some_call()) {
  const auto before = key_of(call, "s");
  change(call);
  const auto after = key_of(call, "s");
  CHECK((before.print == after.print) == (before.bytes == after.bytes));
  return !(before == after);
}

/// A turn in which the model asked for a tool under `id`.
model_call after_tool(const std::string& id, const std::string& other) {
  auto call = some_call();
  call.messages.push_back(
      {chat_role::assistant, {protocol::tool_call{id, "clock", "{}"}}});
  call.messages.push_back(
      {chat_role::user, {protocol::tool_result{other, "noon", false}}});
  return call;
}

protocol::model_reply reply_with(std::vector<protocol::content_part> content,
                                 stop_reason stop) {
  protocol::model_reply reply;
  reply.content = std::move(content);
  reply.stop = stop;
  return reply;
}

} // namespace

TEST_CASE("all that can change an answer is in its key", "[answer_rules]") {
  CHECK(counts([](auto& it) { it.model = "first/small"; }));
  CHECK(counts([](auto& it) { it.level = protocol::tier::expert; }));
  CHECK(counts([](auto& it) { it.account = "u/m/a"; }));
  CHECK(counts([](auto& it) { it.system += ' '; }));
  CHECK(counts([](auto& it) { it.messages.push_back(it.messages[0]); }));
  CHECK(counts([](auto& it) { it.messages[0].role = chat_role::assistant; }));
  CHECK(counts([](auto& it) { it.tools.clear(); }));
  CHECK(counts(
      [](auto& it) { it.on_shortage = {protocol::shortage_step::cheaper}; }));
  CHECK_FALSE(counts([](auto& it) { it.tags = {"tag:nightly"}; }));
  CHECK(counts([](auto& it) { it.tools[0].input_schema = "{\"a\":1}"; }));
  CHECK(counts([](auto& it) { it.output_tokens_max = 7; }));
  CHECK(counts([](auto& it) { it.temperature_permille = 0; }));
  CHECK(counts([](auto& it) { it.seed = 1; }));
  CHECK(key_of(some_call(), "a").bytes != key_of(some_call(), "b").bytes);
}

TEST_CASE("who of a tenant pays, and how an answer is delivered, is not in the "
          "key",
          "[answer_rules]") {
  CHECK_FALSE(counts([](auto& it) { it.account = "t/other"; }));
  CHECK_FALSE(counts([](auto& it) { it.account = "t"; }));
  CHECK_FALSE(counts([](auto& it) { it.stream = !it.stream; }));
}

TEST_CASE("the tier counts only where the router chooses", "[answer_rules]") {
  auto pinned = some_call();
  pinned.model = "first/small";
  CHECK_FALSE(
      counts([](auto& it) { it.level = protocol::tier::expert; }, pinned));
}

TEST_CASE("texts that are cut elsewhere make another key", "[answer_rules]") {
  CHECK(counts([](auto& it) {
    it.system = "You are";
    it.messages[0].content = {text_part{" brief.Say hello."}};
  }));
  CHECK(counts([](auto& it) {
    it.messages[0].content = {text_part{"Say "}, text_part{"hello."}};
  }));
}

TEST_CASE("ids of tool calls count by what they tie together",
          "[answer_rules]") {
  const auto key = key_of(after_tool("x1", "x1"), "");
  CHECK(key == key_of(after_tool("other", "other"), ""));
  CHECK(key.bytes != key_of(after_tool("x1", "x2"), "").bytes);
}

TEST_CASE("a call that asks for more chance than allowed is not shared",
          "[answer_rules]") {
  auto call = some_call();
  CHECK(may_share(call, {}));
  call.temperature_permille = 0;
  CHECK(may_share(call, {}));
  call.temperature_permille = 1;
  CHECK_FALSE(may_share(call, {}));
  answer_limits limits;
  limits.temperature_permille = 1;
  CHECK(may_share(call, limits));
  call.temperature_permille = 2;
  CHECK_FALSE(may_share(call, limits));
}

TEST_CASE("only whole answers with a text are kept", "[answer_rules]") {
  const text_part text{"hello"};
  CHECK(may_keep(reply_with({text}, stop_reason::complete), {}));
  CHECK_FALSE(may_keep(reply_with({text}, stop_reason::length), {}));
  CHECK_FALSE(may_keep(reply_with({text}, stop_reason::refusal), {}));
  CHECK_FALSE(may_keep(reply_with({}, stop_reason::complete), {}));
  CHECK_FALSE(may_keep(reply_with({text_part{}}, stop_reason::complete), {}));
  auto shorter = reply_with({text}, stop_reason::complete);
  shorter.degraded = {protocol::shortage_step::shorter};
  CHECK_FALSE(may_keep(shorter, {}));
}

TEST_CASE("answers that ask for tools are kept only when told so",
          "[answer_rules]") {
  const protocol::tool_call wish{"1", "clock", "{}"};
  answer_limits limits;
  for (const bool keeps : {false, true}) {
    limits.keeps_tool_calls = keeps;
    CHECK(may_keep(reply_with({wish}, stop_reason::tool_use), limits) == keeps);
    // Some providers say that they are done and ask for a tool.
    CHECK(may_keep(reply_with({text_part{"Let me see."}, wish},
                              stop_reason::complete),
                   limits)
          == keeps);
    CHECK_FALSE(may_keep(reply_with({}, stop_reason::tool_use), limits));
  }
}

TEST_CASE("failures are of the call, or of who made it", "[answer_rules]") {
  for (const auto code : {errc::context_too_long, errc::no_model_fits,
                          errc::content_refused, errc::provider_rejected})
    CHECK(is_of_the_call(code));
  for (const auto code :
       {errc::cancelled, errc::deadline_exceeded, errc::budget_exhausted,
        errc::provider_unavailable, errc::stream_truncated, errc::overloaded})
    CHECK_FALSE(is_of_the_call(code));
}
