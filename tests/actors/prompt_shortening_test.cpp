#include "prompt_shortening.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

#include <algorithm>

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::protocol;
using protocol::test::random_source;

namespace {

const token_estimator counter;

std::string sentences(random_source& random, std::size_t count) {
  static constexpr std::array words{"harbour", "tide",  "engine", "price",
                                    "letter",  "night", "garden", "signal",
                                    "copper",  "river", "winter", "bridge"};
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += "The";
    for (std::size_t n = 4 + random.below(9); n > 0; --n)
      text += std::string(" ") + words.at(random.below(words.size()));
    text += i % 7 == 6 ? ".\n\n" : ". ";
  }
  return text;
}

chat_message said(chat_role role, std::string text) {
  return {role, {text_part{std::move(text)}}};
}

/// A task, some turns with tools, and what the tools gave last.
model_call tool_talk(std::uint64_t seed, std::size_t turns,
                     std::size_t length = 40) {
  random_source random{seed};
  model_call call;
  call.system = "You are exact.";
  call.tools = {{"search", "Finds.", R"({"type":"object"})"}};
  call.messages = {said(chat_role::user, sentences(random, length))};
  for (std::size_t i = 0; i < turns; ++i) {
    const auto id = "call-" + std::to_string(i);
    chat_message asks{chat_role::assistant, {}};
    if (random.coin())
      asks.content.emplace_back(
          thinking_part{sentences(random, 5), "signature"});
    asks.content.emplace_back(
        text_part{sentences(random, random.below(length))});
    asks.content.emplace_back(tool_call{id, "search", R"({"for":"tides"})"});
    call.messages.push_back(std::move(asks));
    chat_message gave{chat_role::user, {}};
    gave.content.emplace_back(tool_result{
        id, sentences(random, random.below(2 * length)), random.coin()});
    if (random.below(3) == 0)
      gave.content.emplace_back(text_part{sentences(random, length)});
    call.messages.push_back(std::move(gave));
  }
  return call;
}

/// What may not change: all but texts and results of tools.
model_call frame_of(model_call call) {
  for (auto& message : call.messages)
    for (auto& part : message.content) {
      if (auto* text = std::get_if<text_part>(&part))
        text->text.clear();
      else if (auto* result = std::get_if<tool_result>(&part))
        result->content.clear();
    }
  return call;
}

std::size_t length_of(const content_part& part) {
  const auto* result = std::get_if<tool_result>(&part);
  return result != nullptr ? result->content.size() : text_of({part}).size();
}

std::string result_at(const model_call& call, std::size_t message) {
  return std::get<tool_result>(call.messages.at(message).content.at(0)).content;
}

} // namespace

TEST_CASE("a prompt that is cut down keeps its frame, its task and its last "
          "message, and is never longer",
          "[prompt_shortening]") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    random_source random{seed};
    const auto whole = tool_talk(seed, random.below(9));
    const auto before = bound_prompt_tokens(whole, counter);
    const auto wanted = random.below(before + 1'000);
    auto cut = whole;
    const bool is_shorter = compact(cut, wanted, counter);
    const auto after = bound_prompt_tokens(cut, counter);
    CHECK(frame_of(cut) == frame_of(whole));
    CHECK(cut.messages.front() == whole.messages.front());
    CHECK(cut.messages.back() == whole.messages.back());
    CHECK(is_shorter == (after < before));
    CHECK((is_shorter || cut == whole));
    CHECK((before > wanted || cut == whole));
    for (std::size_t i = 0; i < cut.messages.size(); ++i)
      for (std::size_t j = 0; j < cut.messages[i].content.size(); ++j)
        CHECK(length_of(cut.messages[i].content[j])
              <= length_of(whole.messages[i].content[j]));
    auto again = whole;
    CHECK(compact(again, wanted, counter) == is_shorter);
    CHECK(again == cut);
  }
}

TEST_CASE("a prompt is cut to what is wanted where that can be had",
          "[prompt_shortening]") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    auto floor = tool_talk(seed, 10);
    const auto before = bound_prompt_tokens(floor, counter);
    REQUIRE(compact(floor, 0, counter));
    const auto least = bound_prompt_tokens(floor, counter);
    REQUIRE(least < before);
    for (const auto wanted : {least + 100, (least + before) / 2, before - 1}) {
      auto cut = tool_talk(seed, 10);
      CHECK(compact(cut, wanted, counter));
      CHECK(bound_prompt_tokens(cut, counter) <= wanted);
    }
  }
}

TEST_CASE("results of tools are cut before what was said, the longest first",
          "[prompt_shortening]") {
  random_source random{5};
  model_call call;
  call.messages = {said(chat_role::user, "Sum up the harbour's tides."),
                   said(chat_role::assistant, sentences(random, 30)),
                   {chat_role::user, {tool_result{"a", sentences(random, 90)}}},
                   said(chat_role::assistant, sentences(random, 30)),
                   {chat_role::user, {tool_result{"b", sentences(random, 9)}}},
                   said(chat_role::assistant, "Good."),
                   said(chat_role::user, "Go on.")};
  const auto whole = call;
  REQUIRE(compact(call, bound_prompt_tokens(call, counter) - 500, counter));
  CHECK(result_at(call, 2).size() < result_at(whole, 2).size());
  CHECK(result_at(call, 2).starts_with("[Cut down] "));
  CHECK(result_at(call, 4) == result_at(whole, 4));
  CHECK(call.messages[1] == whole.messages[1]);
  CHECK(call.messages[3] == whole.messages[3]);
}

TEST_CASE("what is kept of a text is its own sentences",
          "[prompt_shortening]") {
  random_source random{5};
  model_call call;
  const auto text = sentences(random, 90);
  call.messages = {said(chat_role::user, "What about the winter bridge?"),
                   said(chat_role::assistant, text),
                   said(chat_role::user, "Go on.")};
  REQUIRE(compact(call, bound_prompt_tokens(call, counter) / 3, counter));
  const auto kept = text_of(call.messages[1].content).substr(11);
  for (std::size_t at = 0; at < kept.size();) {
    const auto end = kept.find('.', at);
    REQUIRE(end != std::string::npos);
    CHECK(text.find(kept.substr(at, end + 1 - at)) != std::string::npos);
    at = kept.find("The", end);
  }
}

TEST_CASE("a call that has nothing said before cannot be cut down",
          "[prompt_shortening]") {
  random_source random{5};
  model_call call;
  CHECK_FALSE(compact(call, 0, counter)); // no message at all
  call.messages = {said(chat_role::user, sentences(random, 50))};
  CHECK_FALSE(compact(call, 0, counter));
  call.messages.push_back(said(chat_role::assistant, sentences(random, 50)));
  CHECK_FALSE(compact(call, 0, counter));
  call.messages.push_back(said(chat_role::user, "Go on."));
  CHECK(compact(call, 0, counter));
}

TEST_CASE("a text without words, or of broken bytes, is cut all the same",
          "[prompt_shortening]") {
  for (const auto& text :
       {std::string(5'000, '\0'), std::string(5'000, ' '),
        std::string(5'000, '\xF0'), std::string(5'000, '-')}) {
    model_call call;
    call.messages = {said(chat_role::user, "Sum up."),
                     said(chat_role::assistant, text),
                     said(chat_role::user, "Go on.")};
    REQUIRE(compact(call, 600, counter));
    CHECK(bound_prompt_tokens(call, counter) <= 600);
    CHECK_FALSE(text_of(call.messages[1].content).empty());
  }
}

TEST_CASE("of many megabytes as much is read as of some pages",
          "[prompt_shortening]") {
  random_source random{5};
  model_call call;
  call.messages = {said(chat_role::user, "Sum up the harbour's tides.")};
  const auto text = sentences(random, 8'000); // half a megabyte
  for (int i = 0; i < 16; ++i)
    call.messages.push_back(
        said(i % 2 == 0 ? chat_role::assistant : chat_role::user, text));
  REQUIRE(compact(call, 100'000, counter));
  CHECK(bound_prompt_tokens(call, counter)
        <= 100'000 + 2 * text.size()); // the last one stays
  // The latest are digested, the oldest keep their beginning.
  CHECK(text_of(call.messages[1].content).substr(11, 100)
        == text.substr(0, 100));
}

TEST_CASE("a call that is to be finished offers no tools and keeps what they "
          "gave as text",
          "[prompt_shortening]") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    const auto whole = tool_talk(seed, seed % 9);
    auto cut = whole;
    REQUIRE(wrap_up(cut));
    CHECK(cut.tools.empty());
    CHECK(bound_prompt_tokens(cut, counter)
          < bound_prompt_tokens(whole, counter));
    REQUIRE(cut.messages.size() == whole.messages.size());
    for (std::size_t i = 0; i < cut.messages.size(); ++i) {
      const auto& now = cut.messages[i].content;
      const auto& then = whole.messages[i].content;
      REQUIRE(now.size() == then.size());
      for (std::size_t j = 0; j < now.size(); ++j) {
        const auto* result = std::get_if<tool_result>(&then[j]);
        const auto* asked = std::get_if<tool_call>(&then[j]);
        if (result == nullptr && asked == nullptr)
          CHECK(now[j] == then[j]);
        else
          CHECK(text_of({now[j]}).find(result != nullptr ? result->content
                                                         : asked->arguments)
                != std::string::npos);
      }
    }
    CHECK(cut.system.starts_with(whole.system));
    CHECK(cut.system.find("Finish now") != std::string::npos);
    CHECK_FALSE(wrap_up(cut));
  }
}
