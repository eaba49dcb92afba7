#include "delegation_rules.hpp"
#include "support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

namespace {

protocol::agent_spec writer(std::vector<std::string> asks) {
  protocol::agent_spec spec;
  spec.card.name = "writer";
  spec.asks = std::move(asks);
  return spec;
}

protocol::tool_call call(const std::string& tool, const std::string& json) {
  return {"c1", tool, json};
}

protocol::perform_task task(const std::string& prompt) {
  protocol::perform_task it;
  it.prompt = prompt;
  it.account = "tenant/mission/task/writer";
  return it;
}

} // namespace

TEST_CASE("an agent that may ask nobody offers no such tool",
          "[delegation_rules]") {
  CHECK(delegation_tools(writer({})).empty());
  const auto tools = delegation_tools(writer({"critic", "editor"}));
  REQUIRE(tools.size() == 2);
  CHECK(tools[0].name == "ask_agent");
  CHECK(tools[1].name == "hand_off");
  CHECK(tools[0].input_schema.find(R"("enum":["critic","editor"])")
        != std::string::npos);
}

TEST_CASE("a model reaches only the agents that its own may ask",
          "[delegation_rules]") {
  const auto spec = writer({"critic"});
  const auto read = [&](const std::string& json) {
    return read_wish(spec, call("ask_agent", json));
  };
  const auto good = read(R"({"agent": "critic", "prompt": "Is it good?"})");
  REQUIRE(good.has_value());
  CHECK(good->agent == "critic");
  CHECK_FALSE(good->is_hand_off);
  for (const auto* bad :
       {R"({"agent": "critik", "prompt": "x"})", R"({"agent": "critic"})",
        R"({"prompt": "x"})", R"({"skill": "any", "prompt": "x"})",
        R"({"agent": "writer", "prompt": "x"})", R"([1])", "", "{"})
    CHECK(read(bad).error().code == errc::invalid_request);
  CHECK(read(R"({"agent": "critik", "prompt": "x"})")
            .error()
            .detail.find("critic")
        != std::string::npos);
  CHECK(read_wish(writer({"*"}),
                  call("hand_off", R"({"skill": "law", "prompt": "x"})"))
            ->is_hand_off);
}

TEST_CASE("a question pays from the asker's account and carries its way",
          "[delegation_rules]") {
  const auto theirs = delegate(task("write"), "writer", "critic", "judge", 0);
  REQUIRE(theirs.has_value());
  CHECK(theirs->account == "tenant/mission/task/writer");
  CHECK(theirs->prompt == "judge");
  REQUIRE(theirs->chain.size() == 1);
  CHECK(theirs->chain[0].agent == "writer");
  CHECK(theirs->chain[0].work == work_of(task("write")));
}

TEST_CASE("the same question on its own way is a loop, another one is not",
          "[delegation_rules]") {
  const auto first = delegate(task("p"), "a", "b", "q", 0);
  REQUIRE(first.has_value());
  const auto back = delegate(*first, "b", "a", "p", 0);
  REQUIRE(back.has_error());
  CHECK(back.error().code == errc::limit_exceeded);
  CHECK(back.error().detail.find("a -> b -> a") != std::string::npos);
  CHECK(delegate(*first, "b", "a", "another", 0).has_value());
}

TEST_CASE("questions have a greatest depth and number", "[delegation_rules]") {
  auto it = task("0");
  delegation_limits limits;
  limits.depth_max = 3;
  limits.asks_max = 2;
  for (int i = 1; i <= 3; ++i) {
    auto next = delegate(it, "a" + std::to_string(i), "next", std::to_string(i),
                         1, limits);
    REQUIRE(next.has_value());
    it = *next;
  }
  const auto deep = delegate(it, "a4", "next", "4", 1, limits);
  REQUIRE(deep.has_error());
  CHECK(deep.error().code == errc::limit_exceeded);
  CHECK(delegate(task("0"), "a", "b", "c", 2, limits).error().code
        == errc::limit_exceeded);
}
