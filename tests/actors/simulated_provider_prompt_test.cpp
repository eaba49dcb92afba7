#include "simulated_provider_prompt.hpp"
#include "simulated_provider_tools.hpp"
#include "support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::chat_role;
using protocol::model_call;

namespace {

model_call asking(std::string text) {
  model_call out;
  out.messages = {{chat_role::user, {protocol::text_part{std::move(text)}}}};
  return out;
}

model_call with_tool(std::string text) {
  auto out = asking(std::move(text));
  out.tools = {{"lookup", "Finds things",
                R"({"type":"object","properties":{"query":{"type":"string"},
         "limit":{"type":"integer","minimum":3},"exact":{"type":"boolean"}},
         "required":["query","limit"]})"}};
  return out;
}

const std::string story =
    "The harbour of Velm was closed for nine days after the storm. Nobody was "
    "hurt, and the boats were safe.";

} // namespace

TEST_CASE("the first paragraph is the task, the rest is input", "[prompt]") {
  const auto parts = read_prompt(asking("Summarise it.\n\n" + story));
  CHECK(parts.task == "Summarise it.");
  CHECK(parts.inputs == std::vector<std::string>{story});
  const auto marked = read_prompt(asking("Summarise\nit.\n<doc>\n" + story));
  CHECK(marked.task == "Summarise\nit.");
  REQUIRE(marked.inputs.size() == 1);
}

TEST_CASE("each later text is an input, unless it is a short remark",
          "[prompt]") {
  auto call = asking("Summarise it.");
  call.messages[0].content.emplace_back(
      protocol::text_part{"<doc>\n" + story + "\n</doc>"});
  call.messages.push_back(
      {chat_role::assistant, {protocol::text_part{"An answer."}}});
  call.messages.push_back(
      {chat_role::user, {protocol::text_part{"Mention the boats."}}});
  const auto parts = read_prompt(call);
  CHECK(parts.task == "Summarise it.\n\nMention the boats.");
  CHECK(parts.inputs.size() == 1);
}

TEST_CASE("a prompt that is all task is its own input", "[prompt]") {
  CHECK(read_prompt(asking("Why?")).inputs == std::vector<std::string>{"Why?"});
  auto silent = asking("");
  silent.system = "You are a harbour master.";
  CHECK(read_prompt(silent).inputs == std::vector<std::string>{silent.system});
  CHECK(read_prompt({}).inputs.empty());
}

TEST_CASE("a task may ask for a length", "[prompt]") {
  CHECK(asked_words("Write 100 words.") == 100U);
  CHECK(asked_words("Write a 1,200-word essay") == 1200U);
  CHECK(asked_words("Use at least 80 words") == 100U);
  CHECK(asked_words("in at most 40 words") == 30U);
  CHECK(asked_words("The answer has 30 words but needs at least 60 words.")
        == 75U);
  CHECK_FALSE(asked_words("In other words"));
  CHECK_FALSE(asked_words("words"));
  CHECK_FALSE(asked_words("99999999 words"));
  CHECK_FALSE(asked_words(""));
}

TEST_CASE("a tool that the prompt names is called, once", "[tools]") {
  auto call = with_tool("Please use lookup to find the harbour fees.");
  const auto calls = named_tool_calls(call, 1);
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].name == "lookup");
  CHECK(calls[0].arguments
        == R"({"query":"Please use find harbour fees","limit":3})");
  CHECK(named_tool_calls(call, 1) == calls);
  CHECK(named_tool_calls(call, 2)[0].call_id != calls[0].call_id);

  call.messages.push_back({chat_role::assistant, {calls[0]}});
  CHECK(named_tool_calls(call, 1).size() == 1);
  call.messages.push_back(
      {chat_role::user,
       {protocol::tool_result{calls[0].call_id, story, false}}});
  CHECK(named_tool_calls(call, 1).empty());
  CHECK(read_prompt(call).inputs == std::vector<std::string>{story});
}

TEST_CASE("a tool that nobody names is left alone", "[tools]") {
  CHECK(named_tool_calls(with_tool("Find the fees."), 1).empty());
  CHECK(named_tool_calls(with_tool("my-lookup or lookups"), 1).empty());
  CHECK(named_tool_calls(with_tool("Use lookup."), 1).size() == 1);
}

TEST_CASE("JSON after tool:NAME becomes the arguments", "[tools]") {
  CHECK(
      named_tool_calls(with_tool(R"(tool:lookup {"query":"a}\"b"} now)"), 1)[0]
          .arguments
      == R"({"query":"a}\"b"})");
  CHECK(named_tool_calls(with_tool(R"(tool:lookup({"query":{}}))"), 1)[0]
            .arguments
        == R"({"query":{}})");
  CHECK(named_tool_calls(with_tool("tool:lookup {broken"), 1)[0].arguments
        == R"({"query":"broken","limit":3})");
}

TEST_CASE("arguments are drawn from the schema", "[tools]") {
  CHECK(simple_arguments("", "x") == "{}");
  CHECK(simple_arguments("[1]", "x") == "{}");
  CHECK(simple_arguments("{\"properties\":3}", "x") == "{}");
  CHECK(simple_arguments(R"({"properties":{"a":{"enum":["p","q"]},
          "b":{"type":"boolean"},"c":{"type":["array","null"]},
          "d":{"default":5},"e":{"type":"number"},"f":{"type":"object"},
          "g":{},"h":true}})",
                         "x")
        == R"({"a":"p","b":true,"c":[],"d":5,"e":1,"f":{},"g":"x","h":"x"})");
}
