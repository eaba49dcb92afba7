// What providers are told of prompts that come again.
#include "providers/wire_codec.hpp"
#include "support/catch.hpp"

#include <boost/json.hpp>

using namespace troupe;
using protocol::chat_role;
using protocol::text_part;
using providers::wire_format;

namespace {

namespace json = boost::json;

std::string long_text(std::size_t tokens) {
  return std::string(tokens * 4, 'x');
}

/// A model that keeps 1,024 tokens or more.
protocol::model_call call_of(std::vector<protocol::chat_message> messages) {
  protocol::model_call call;
  call.model = "claude-sonnet-4-5";
  call.account = "t/m/a";
  call.messages = std::move(messages);
  return call;
}

protocol::chat_message said(chat_role who, std::size_t tokens) {
  return {who, {text_part{long_text(tokens)}}};
}

json::value encoded(const protocol::model_call& call, wire_format format,
                    bool hints = true) {
  providers::wire_options options;
  options.format = format;
  options.hints_prompt_cache = hints;
  const auto body = encode_call(options, call);
  REQUIRE(body.has_value());
  return json::parse(*body);
}

json::value anthropic(const protocol::model_call& call) {
  return encoded(call, wire_format::anthropic_messages);
}

bool is_marked(const json::value& block) {
  const auto* mark = block.as_object().if_contains("cache_control");
  if (mark != nullptr)
    CHECK(json::serialize(*mark) == R"({"type":"ephemeral"})");
  return mark != nullptr;
}

/// Which messages have a mark on their last block.
std::vector<std::size_t> marked_messages(const json::value& body) {
  std::vector<std::size_t> all;
  const auto& messages = body.at("messages").as_array();
  for (std::size_t i = 0; i < messages.size(); ++i)
    for (const auto& block : messages[i].at("content").as_array())
      if (is_marked(block))
        all.push_back(i);
  return all;
}

bool has_marks(const json::value& body) {
  return json::serialize(body).find("cache_control") != std::string::npos;
}

std::string cache_key(const protocol::model_call& call) {
  const auto body = encoded(call, wire_format::openai_chat);
  return json::value_to<std::string>(body.at("prompt_cache_key"));
}

} // namespace

TEST_CASE("a long system text is marked, the question behind it is not",
          "[prompt_cache]") {
  auto call = call_of({said(chat_role::user, 3'000)});
  call.system = long_text(1'100);
  const auto body = anthropic(call);
  CHECK(is_marked(body.at("system").at(0)));
  CHECK(body.at("system").at(0).at("type") == "text");
  CHECK(json::value_to<std::string>(body.at("system").at(0).at("text"))
        == call.system);
  CHECK(marked_messages(body).empty());
}

TEST_CASE("a prefix below what the model keeps is not marked",
          "[prompt_cache]") {
  struct {
    std::string model;
    std::size_t least;
  } const models[] = {{"claude-sonnet-4-5", 1'024},
                      {"claude-3-5-haiku-latest", 2'048},
                      {"claude-haiku-4-5", 4'096},
                      {"claude-opus-4-6", 4'096},
                      {"claude-unheard-of", 1'024}};
  for (const auto& [model, least] : models) {
    CAPTURE(model);
    auto call = call_of({said(chat_role::user, 10)});
    call.model = model;
    call.system = long_text(least - 1);
    const auto below = anthropic(call);
    CHECK_FALSE(has_marks(below));
    CHECK(below.at("system").is_string());
    call.system = long_text(least);
    CHECK(is_marked(anthropic(call).at("system").at(0)));
  }
}

TEST_CASE("tools count for the system text behind them", "[prompt_cache]") {
  auto call = call_of({said(chat_role::user, 1)});
  call.tools = {{"one", long_text(500), "{}"}, {"two", long_text(200), "{}"}};
  call.system = long_text(500);
  const auto body = anthropic(call);
  CHECK_FALSE(is_marked(body.at("tools").at(1)));
  CHECK(is_marked(body.at("system").at(0)));
  call.tools[0].description = long_text(1'100);
  const auto longer = anthropic(call);
  CHECK_FALSE(is_marked(longer.at("tools").at(0)));
  CHECK(is_marked(longer.at("tools").at(1)));
}

TEST_CASE("with tools, this turn's end and the one before are marked",
          "[prompt_cache]") {
  auto call = call_of({said(chat_role::user, 2'000)});
  call.tools = {{"one", long_text(2'000), "{}"}};
  call.system = long_text(10);
  CHECK(marked_messages(anthropic(call)) == std::vector<std::size_t>{0});
  for (int turn = 0; turn < 3; ++turn) {
    call.messages.push_back(said(chat_role::assistant, 10));
    call.messages.push_back(said(chat_role::user, 10));
  }
  const auto body = anthropic(call);
  CHECK(marked_messages(body) == std::vector<std::size_t>{4, 6});
  // With tools and system text these are the four that are allowed.
  CHECK(is_marked(body.at("tools").at(0)));
  CHECK(is_marked(body.at("system").at(0)));
}

TEST_CASE("without tools, what stands before the question is marked",
          "[prompt_cache]") {
  const auto call =
      call_of({said(chat_role::user, 2'000), said(chat_role::assistant, 10),
               said(chat_role::user, 2'000)});
  CHECK(marked_messages(anthropic(call)) == std::vector<std::size_t>{1});
}

TEST_CASE("reasoning is never marked", "[prompt_cache]") {
  auto call = call_of({said(chat_role::user, 2'000),
                       {chat_role::assistant,
                        {text_part{"hm"}, protocol::thinking_part{"h", "c2"}}},
                       said(chat_role::user, 10)});
  CHECK_FALSE(has_marks(anthropic(call)));
}

TEST_CASE("without being told so, providers get no hints", "[prompt_cache]") {
  auto call = call_of({said(chat_role::user, 2'000)});
  call.system = long_text(9'000);
  CHECK_FALSE(has_marks(encoded(call, wire_format::anthropic_messages, false)));
  CHECK_FALSE(encoded(call, wire_format::openai_chat, false)
                  .as_object()
                  .contains("prompt_cache_key"));
}

TEST_CASE("calls that begin alike share a key at OpenAI, tenants do not",
          "[prompt_cache]") {
  auto call = call_of({said(chat_role::user, 1)});
  call.system = "You are brief.";
  call.tools = {{"one", "does it", "{}"}};
  const auto key = cache_key(call);
  CHECK(key.size() <= 64);
  CHECK(key.find('t') == std::string::npos); // not the tenant's name
  auto other = call;
  other.messages = {said(chat_role::user, 7)};
  other.account = "t/other/b";
  CHECK(cache_key(other) == key);
  other.account = "u/m/a";
  CHECK(cache_key(other) != key);
  other = call;
  other.system += ' ';
  CHECK(cache_key(other) != key);
  other = call;
  other.tools[0].name = "two";
  CHECK(cache_key(other) != key);
}
