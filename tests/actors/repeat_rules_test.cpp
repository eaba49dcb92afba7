#include "support/catch.hpp"
#include "troupe/actors/conversation.hpp"

#include <random>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::tool_call;
using verdict = repeat_rules::verdict;
using step = conversation::step;

namespace {

protocol::agent_spec agent_with(std::uint32_t turns, std::uint32_t repeats,
                                std::uint64_t tokens = 0) {
  protocol::agent_spec agent;
  agent.card.name = "editor";
  agent.turns_max = turns;
  agent.repeats_max = repeats;
  agent.tokens_max = tokens;
  return agent;
}

protocol::model_reply wishing(std::vector<tool_call> calls) {
  protocol::model_reply reply;
  reply.used.input = 70;
  reply.used.cache_read = 20;
  reply.used.output = 10;
  for (auto& it : calls)
    reply.content.emplace_back(std::move(it));
  return reply;
}

/// Answers all that is pending.
void answer(conversation& talk) {
  std::vector<protocol::tool_result> results;
  for (const auto& it : talk.pending_tools())
    results.push_back({it.call_id, "so", false});
  talk.add_tool_results(std::move(results));
}

} // namespace

TEST_CASE("equal arguments are one call, whatever their order and blanks",
          "[repeat_rules]") {
  CHECK(canonical_json(R"({ "b":[{"d":1,"c":2}], "a" : "x y"})")
        == R"({"a":"x y","b":[{"c":2,"d":1}]})");
  CHECK(canonical_json("no { JSON") == "no { JSON");
  repeat_rules rules{1};
  CHECK(rules.judge({{"1", "find", R"({"a":1,"b":2})"}})
        == std::vector{verdict::make});
  CHECK(rules.judge({{"2", "find", R"({"b": 2, "a": 1})"},
                     {"3", "find", R"({"b":2,"a":2})"},
                     {"4", "seek", R"({"a":1,"b":2})"}})
        == std::vector{verdict::tell, verdict::make, verdict::make});
}

TEST_CASE("a call that comes too often is not made, and the model is told",
          "[repeat_rules]") {
  repeat_rules rules{2};
  const tool_call call{"1", "find", "{}"};
  CHECK(rules.judge({call}) == std::vector{verdict::make});
  CHECK(rules.judge({call, call, call})
        == std::vector{verdict::make, verdict::tell, verdict::tell});
  CHECK_FALSE(rules.is_stuck());
  CHECK(rules.judge({{"1", "find", "[]"}}) == std::vector{verdict::make});
  CHECK_FALSE(rules.is_stuck());
  CHECK(rules.judge({call}) == std::vector{verdict::tell});
  CHECK(rules.is_stuck());
  CHECK(repeated_call("7").call_id == "7");
  CHECK(repeated_call("7").is_error);
  CHECK(repeated_call("7").content.starts_with("repeated"));
}

TEST_CASE("a model that repeats a call although it was told ends its task",
          "[conversation]") {
  conversation talk{agent_with(20, 3), {}, {}};
  const tool_call call{"1", "find", R"({"q":1})"};
  for (int i = 0; i < 4; ++i) {
    REQUIRE(talk.add_reply(wishing({call})) == step::run_tools);
    CHECK((talk.verdicts()[0] == verdict::tell) == (i == 3));
    answer(talk);
  }
  CHECK(talk.add_reply(wishing({call})) == step::fail);
  CHECK(talk.failure().code == errc::limit_exceeded);
  CHECK(std::move(talk).result().used.output == 50);
}

TEST_CASE("a task that has used its tokens makes no further call",
          "[conversation]") {
  conversation talk{agent_with(20, 3, 300), {}, {}};
  for (int i = 0; i < 2; ++i) {
    REQUIRE(talk.add_reply(wishing({{"1", "find", std::to_string(i)}}))
            == step::run_tools);
    answer(talk);
  }
  CHECK(talk.add_reply(wishing({{"1", "find", "3"}})) == step::fail);
  CHECK(talk.failure().code == errc::limit_exceeded);
  CHECK(talk.failure().detail.find("300 tokens") != std::string::npos);
  conversation done{agent_with(20, 3, 50), {}, {}};
  auto reply = wishing({});
  reply.content = {protocol::text_part{"Done."}};
  CHECK(done.add_reply(reply) == step::finish); // it is paid for: it counts
}

TEST_CASE("whatever a model does, an attempt ends within its turns",
          "[conversation]") {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random{seed};
    const auto turns = 1 + random() % 12;
    const auto tokens = random() % 3 == 0 ? random() % 1'000 : 0;
    conversation talk{agent_with(static_cast<std::uint32_t>(turns),
                                 static_cast<std::uint32_t>(1 + random() % 4),
                                 tokens),
                      {},
                      {}};
    std::uint32_t calls = 0;
    auto next = step::run_tools;
    while (next == step::run_tools && calls <= 100) {
      ++calls;
      std::vector<tool_call> wishes;
      for (auto n = random() % 4; n > 0; --n)
        wishes.push_back({"1", random() % 2 == 0 ? "find" : "seek",
                          std::to_string(random() % 3)});
      auto reply = wishing(std::move(wishes));
      if (random() % 9 == 0)
        reply.stop = protocol::stop_reason::refusal;
      if (reply.content.empty() && random() % 2 == 0)
        reply.content.emplace_back(protocol::text_part{"Done."});
      next = talk.add_reply(std::move(reply));
      if (next != step::run_tools)
        break;
      CHECK(talk.verdicts().size() == talk.pending_tools().size());
      answer(talk);
    }
    CHECK(calls <= turns);
    CHECK(next != step::run_tools);
  }
}
