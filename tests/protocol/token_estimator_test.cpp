#include "support/catch.hpp"
#include "troupe/protocol/token_counter.hpp"

using namespace troupe::protocol;

namespace {

/// One token a byte: what is counted shows in the sums.
class byte_counter final : public token_counter {
public:
  [[nodiscard]] std::uint64_t count(std::string_view text) const override {
    return text.size();
  }
  [[nodiscard]] std::string name() const override { return "bytes"; }
};

std::uint64_t estimate(std::string_view text) {
  return token_estimator{}.count(text);
}

} // namespace

TEST_CASE("an estimate is near what an encoder gives", "[token_counter]") {
  CHECK(estimate("") == 0);
  CHECK(estimate("a") == 1);
  CHECK(estimate("The quick brown fox jumps over the lazy dog.") == 10);
  CHECK(estimate("12345678") == 3);
  CHECK(estimate("   \n\n") == 1);
  CHECK(estimate("I'll be there, won't I?") == 7);
  const auto chinese = estimate("今天天气很好，我们去公园散步吧。");
  CHECK(chinese >= 8);
  CHECK(chinese <= 16);
  const auto json = estimate(R"({"name": "x", "values": [1, 2, 3]})");
  CHECK(json >= 14);
  CHECK(json <= 24);
}

TEST_CASE("an estimate is at least one token and at most one a byte",
          "[token_counter]") {
  for (std::string_view text :
       {" ", "\n", "\xFF", "\xE4\xB8", "!", "\U0001F600", "\U00010330"}) {
    CHECK(estimate(text) >= 1);
    CHECK(estimate(text) <= text.size());
    CHECK(token_estimator{}.upper_bound(text) == text.size());
  }
  CHECK(estimate(std::string(100'000, 'a')) > 10'000);
  CHECK(estimate(std::string(100'000, '=')) < 10'000);
}

TEST_CASE("an estimate does not depend on what was counted before",
          "[token_counter]") {
  const token_estimator one;
  const auto first = one.count("A sentence of some words.");
  static_cast<void>(one.count("中文"));
  CHECK(one.count("A sentence of some words.") == first);
  CHECK(one.name() == "estimate");
}

TEST_CASE("a prompt counts all its texts and what surrounds them",
          "[token_counter]") {
  model_call call;
  call.messages.push_back({chat_role::user, {text_part{"12345"}}});
  const byte_counter counter;
  const auto bare = estimate_prompt_tokens(call, counter);
  CHECK(bare > 5);
  call.system = "abc";
  const auto with_system = estimate_prompt_tokens(call, counter);
  CHECK(with_system >= bare + 3);
  call.tools.push_back({"find", "Finds things.", "{}"});
  const auto with_tool = estimate_prompt_tokens(call, counter);
  CHECK(with_tool >= with_system + 4 + 13 + 2);
  call.messages.push_back(
      {chat_role::assistant,
       {thinking_part{"hm", "signature"}, tool_call{"id-1", "find", "{}"}}});
  call.messages.push_back(
      {chat_role::user, {tool_result{"id-1", "found it", false}}});
  CHECK(estimate_prompt_tokens(call, counter) >= with_tool + 2 + 4 + 2 + 8);
}

TEST_CASE("the bound of a prompt covers its estimate", "[token_counter]") {
  model_call call;
  call.system = "You are terse.";
  for (int i = 0; i < 50; ++i) {
    call.messages.push_back(
        {chat_role::user, {text_part{std::string(std::size_t(i), 'x')}}});
    call.messages.push_back(
        {chat_role::assistant,
         {thinking_part{"t", std::string(std::size_t(i), 's')},
          tool_call{"c", "f", "{}"}}});
    const token_estimator estimator;
    REQUIRE(bound_prompt_tokens(call, estimator)
            > estimate_prompt_tokens(call, estimator));
  }
}
