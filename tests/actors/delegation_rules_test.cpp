#include "delegation_rules.hpp"
#include "support/catch.hpp"

#include <troupe/protocol/json.hpp>

#include <random>

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

protocol::question ask(const std::string& prompt) {
  return {"someone", "", prompt};
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
  CHECK(good->ask.agent == "critic");
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
  question_allowance left{8};
  const auto theirs =
      delegate(task("write"), "writer", "critic",
               {"critic", "", "judge", {{"draft", "Once upon a time."}}}, left);
  REQUIRE(theirs.has_value());
  CHECK(theirs->account == "tenant/mission/task/writer");
  CHECK(theirs->prompt == "judge");
  CHECK(theirs->inputs.at(0).text == "Once upon a time.");
  CHECK_FALSE(theirs->wants_progress);
  REQUIRE(theirs->chain.size() == 1);
  CHECK(theirs->chain[0].agent == "writer");
  CHECK(theirs->chain[0].work == work_of(task("write")));
}

TEST_CASE("the same question on its own way is a loop, another one is not",
          "[delegation_rules]") {
  question_allowance left{8};
  const auto first = delegate(task("p"), "a", "b", ask("q"), left);
  REQUIRE(first.has_value());
  const auto back = delegate(*first, "b", "a", ask("p"), left);
  REQUIRE(back.has_error());
  CHECK(back.error().code == errc::limit_exceeded);
  CHECK(back.error().detail.find("a -> b -> a") != std::string::npos);
  CHECK(delegate(*first, "b", "a", ask("another"), left).has_value());
}

TEST_CASE("questions have a greatest depth", "[delegation_rules]") {
  auto it = task("0");
  delegation_limits limits;
  limits.depth_max = 3;
  question_allowance left{8};
  for (int i = 1; i <= 3; ++i) {
    auto next = delegate(it, "a" + std::to_string(i), "next",
                         ask(std::to_string(i)), left, limits);
    REQUIRE(next.has_value());
    it = *next;
  }
  const auto deep = delegate(it, "a4", "next", ask("4"), left, limits);
  REQUIRE(deep.has_error());
  CHECK(deep.error().code == errc::limit_exceeded);
  CHECK(left.used() == 3); // what was refused was not asked
}

TEST_CASE("an agent has the mission's allowance of questions, or its asker's",
          "[delegation_rules]") {
  const delegation_limits limits{4, 2};
  auto mine = task("write");
  mine.questions_max = 100; // counts for nothing where nobody has asked
  auto allowance = allowance_of(mine, limits);
  const auto first = delegate(mine, "a", "b", ask("1"), allowance, limits);
  REQUIRE(first.has_value());
  CHECK(first->questions_max == 0);
  CHECK(delegate(mine, "a", "b", ask("2"), allowance, limits).has_value());
  const auto third = delegate(mine, "a", "b", ask("3"), allowance, limits);
  REQUIRE(third.has_error());
  CHECK(third.error().code == errc::limit_exceeded);
  auto theirs = allowance_of(*first, limits);
  CHECK(delegate(*first, "b", "c", ask("4"), theirs, limits).error().code
        == errc::limit_exceeded);
}

namespace {

/// Asks as often as it may, each asked one likewise; returns how many were put
/// in the whole tree. Some answers get lost.
std::uint32_t ask_wildly(question_allowance& mine, std::mt19937& random,
                         std::size_t depth) {
  std::uint32_t put = 0;
  while (const auto grant = mine.take()) {
    ++put;
    question_allowance theirs{*grant};
    const auto below = depth < 5 && random() % 3 != 0
                           ? ask_wildly(theirs, random, depth + 1)
                           : 0;
    REQUIRE(below <= theirs.used()); // what got lost counts
    put += below;
    const bool is_lost = random() % 5 == 0;
    mine.settle(*grant, is_lost ? *grant : theirs.used());
  }
  return put;
}

} // namespace

TEST_CASE("however agents ask each other, a task's tree of questions stays "
          "within its limit and can use all of it",
          "[delegation_rules]") {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random{seed};
    const auto most = static_cast<std::uint32_t>(random() % 60);
    question_allowance root{most};
    CAPTURE(seed, most);
    const auto put = ask_wildly(root, random, 0);
    CHECK(put <= most);
    CHECK(root.used() == most); // what was lost counts as used
  }
}

TEST_CASE("a model finds agents only when it may ask any",
          "[delegation_rules]") {
  const auto tools = delegation_tools(writer({"*"}));
  REQUIRE(tools.size() == 3);
  CHECK(is_search(tools[2].name));
  CHECK_FALSE(is_delegation(tools[2].name));
  CHECK(protocol::parse_json(tools[2].input_schema).has_value());
  const auto read = [](const std::string& json) {
    return read_search(call("find_agents", json));
  };
  const auto good = read(R"({"text": "judge a text", "skill": "review"})");
  REQUIRE(good.has_value());
  CHECK(good->text == "judge a text");
  CHECK(good->skill == "review");
  CHECK(good->count_max == 6);
  const auto long_text = R"({"text": ")" + std::string(1'025, 'x') + "\"}";
  for (const auto& bad : {std::string("{}"), std::string("[]"), std::string(),
                          std::string(R"({"text": 7})"), long_text})
    CHECK(read(bad).error().code == errc::invalid_request);
}

TEST_CASE("what is found is short, and without the one who looks",
          "[delegation_rules]") {
  protocol::agents_found found;
  for (const auto* name : {"a", "writer", "b", "c", "d", "e", "f"}) {
    protocol::agent_card card;
    card.name = name;
    card.description = std::string(400, 'x') + "\xC3\xA4";
    card.skills = {"review"};
    found.agents.push_back(card);
  }
  const auto text = show_found(found, "writer");
  const auto json = protocol::parse_json(text);
  REQUIRE(json.has_value());
  const auto& list = json->as_array();
  REQUIRE(list.size() == 5);
  CHECK(list[0].at("agent") == "a");
  CHECK(list[1].at("agent") == "b");
  CHECK(list[0].at("description").as_string().size() == 320);
  CHECK(list[0].at("skills").as_array().size() == 1);
  CHECK(show_found({}, "writer") == "[]");
}

TEST_CASE("equal questions of a task have names of their own, which are the "
          "same in each attempt",
          "[delegation]") {
  const protocol::id own{};
  const auto good = ask("Good?");
  question_threads first;
  const auto one = first.next(own, good);
  const auto two = first.next(own, good);
  CHECK((one && two && one != two));
  question_threads again;
  CHECK(again.next(own, good) == one);
  CHECK(again.next(own, good) == two);
  auto other = good;
  other.inputs = {{"text", "x"}};
  CHECK(question_threads{}.next(own, other) != one);
  CHECK(question_threads{}.next(own, ask("Bad?")) != one);
  CHECK(question_threads{}.next({1, 1}, good) != one);
}

TEST_CASE("who is asked has the attempt of who asks", "[delegation]") {
  auto mine = task("write");
  mine.attempt = 3;
  question_allowance left{10};
  CHECK(delegate(mine, "writer", "critic", ask("q"), left)->attempt == 3);
}
