#include "providers/wire_codec.hpp"
#include "support/catch.hpp"

#include <boost/json.hpp>

using namespace troupe;
using protocol::errc;
using providers::decode_reply;
using providers::encode_call;
using providers::wire_format;
using providers::wire_options;

namespace {

constexpr auto openai = wire_format::openai_chat;
constexpr auto anthropic = wire_format::anthropic_messages;

/// A conversation with everything in it.
protocol::model_call full_call() {
  using protocol::chat_role;
  protocol::model_call call;
  call.model = "m";
  call.system = "be brief";
  call.messages = {{chat_role::user, {protocol::text_part{"weather?"}}},
                   {chat_role::assistant,
                    {protocol::thinking_part{"hm", "c2ln"},
                     protocol::tool_call{"c1", "look", R"({"city":"Bonn"})"}}},
                   {chat_role::user,
                    {protocol::text_part{"go on"},
                     protocol::tool_result{"c1", "no", true}}}};
  call.tools = {{"look", "looks", R"({"type":"object"})"}};
  call.output_tokens_max = 77;
  call.temperature_permille = 1500;
  call.seed = ~0ULL;
  return call;
}

boost::json::value body_of(const wire_options& options,
                           const protocol::model_call& call) {
  const auto body = encode_call(options, call);
  REQUIRE(body.has_value());
  return boost::json::parse(*body);
}

/// The usage of an answer with this `usage` member and some text.
protocol::usage openai_usage_of(const std::string& usage) {
  const auto reply = decode_reply(
      openai, R"({"choices":[{"message":{"content":"x"},)"
              R"("finish_reason":"stop"}])"
                  + (usage.empty() ? "" : R"(,"usage":)" + usage) + "}");
  REQUIRE(reply.has_value());
  return reply->used;
}

} // namespace

TEST_CASE("a call becomes OpenAI's chat", "[wire_codec]") {
  const auto body = body_of({openai}, full_call());
  CHECK(body.at("max_completion_tokens") == 77);
  CHECK_FALSE(body.as_object().contains("max_tokens"));
  CHECK(body.at("stream_options").at("include_usage").as_bool());
  CHECK(body.at("seed") == INT64_MAX);
  CHECK(body.at("temperature").as_double() == 1.5);
  const auto& messages = body.at("messages").as_array();
  REQUIRE(messages.size() == 5);
  CHECK(messages[0].at("role") == "system");
  CHECK(messages[2].at("content").is_null());
  CHECK(messages[2].at("tool_calls").at(0).at("function").at("arguments")
        == R"({"city":"Bonn"})");
  CHECK(messages[3].at("role") == "tool");
  CHECK(messages[3].at("content") == "Error: no");
  CHECK(messages[4].at("content") == "go on");
  CHECK(body.at("tools").at(0).at("function").at("parameters").is_object());
}

TEST_CASE("what compatible servers want instead can be chosen",
          "[wire_codec]") {
  auto call = full_call();
  call.stream = false;
  const auto body = body_of({openai, true, true}, call);
  CHECK(body.at("max_tokens") == 77);
  CHECK_FALSE(body.as_object().contains("stream"));
  CHECK(body.at("messages").at(2).at("reasoning_content") == "hm");
}

TEST_CASE("a call becomes Anthropic's messages", "[wire_codec]") {
  auto call = full_call();
  call.messages[1].content.emplace_back(
      protocol::thinking_part{"", "redacted:ZGF0YQ"});
  call.messages[1].content.emplace_back(protocol::thinking_part{"foreign", ""});
  const auto body = body_of({anthropic}, call);
  CHECK(body.at("max_tokens") == 77);
  CHECK(body.at("system") == "be brief");
  CHECK(body.at("temperature").as_double() == 1.0);
  CHECK(body.at("tools").at(0).at("input_schema").is_object());
  const auto& said = body.at("messages").at(1).at("content").as_array();
  REQUIRE(said.size() == 3);
  CHECK(said[0].at("signature") == "c2ln");
  CHECK(said[1].at("input").at("city") == "Bonn");
  CHECK(said[2].at("data") == "ZGF0YQ");
  const auto& last = body.at("messages").at(2).at("content").as_array();
  CHECK(last.at(0).at("type") == "tool_result");
  CHECK(last.at(0).at("is_error").as_bool());
  CHECK(last.at(1).at("text") == "go on");
}

TEST_CASE("a call that no provider could take is refused here",
          "[wire_codec]") {
  for (const auto format : {openai, anthropic}) {
    CHECK(encode_call({format}, {}).error().code == errc::invalid_request);
    auto hot = full_call();
    hot.temperature_permille = 2001;
    CHECK(encode_call({format}, hot).error().code == errc::invalid_request);
    auto odd = full_call();
    odd.tools[0].input_schema = "[]";
    CHECK(encode_call({format}, odd).error().code == errc::invalid_request);
  }
}

TEST_CASE("OpenAI's usage is counted without overlap", "[wire_codec]") {
  const auto used = openai_usage_of(
      R"({"prompt_tokens":100,"completion_tokens":30,"total_tokens":130,)"
      R"("prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":25},)"
      R"("completion_tokens_details":{"reasoning_tokens":12}})");
  CHECK(used.input == 15);
  CHECK(used.cache_read == 60);
  CHECK(used.cache_write == 25);
  CHECK(used.output == 30);
  CHECK(used.reasoning == 12);
  CHECK(used.source == protocol::usage_source::reported);
}

TEST_CASE("absent, zero and positive usage are three cases", "[wire_codec]") {
  const auto zero = R"({"prompt_tokens":0,"completion_tokens":0})";
  CHECK(openai_usage_of("").source == protocol::usage_source::estimated);
  CHECK(openai_usage_of(zero).source == protocol::usage_source::estimated);
  const auto silent = decode_reply(
      openai, std::string{R"({"choices":[{"message":{"content":null},)"
                          R"("finish_reason":"stop"}],"usage":)"}
                  + zero + "}");
  REQUIRE(silent.has_value());
  CHECK(silent->used.source == protocol::usage_source::reported);
}

TEST_CASE("reasoning that a server leaves out of its count is added",
          "[wire_codec]") {
  const auto used = openai_usage_of(
      R"({"prompt_tokens":12,"completion_tokens":2,"total_tokens":354,)"
      R"("completion_tokens_details":{"reasoning_tokens":340}})");
  CHECK(used.output == 342);
  CHECK(used.reasoning == 340);
}

TEST_CASE("Anthropic's cache writes are split by how long they are kept",
          "[wire_codec]") {
  const auto reply = decode_reply(
      anthropic,
      R"({"type":"message","content":[{"type":"new_kind","x":1},)"
      R"({"type":"text","text":"a"}],"stop_reason":"max_tokens","usage":{)"
      R"("input_tokens":5,"output_tokens":7,"cache_read_input_tokens":11,)"
      R"("cache_creation_input_tokens":30,"cache_creation":{)"
      R"("ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20}}})");
  REQUIRE(reply.has_value());
  CHECK(reply->content.size() == 1);
  CHECK(reply->stop == protocol::stop_reason::length);
  CHECK(reply->used.input == 5);
  CHECK(reply->used.cache_read == 11);
  CHECK(reply->used.cache_write == 10);
  CHECK(reply->used.cache_write_1h == 20);
}

TEST_CASE("foreign JSON of any shape is an error and never worse",
          "[wire_codec]") {
  for (const std::string body :
       {"", "null", "[]", "{}", "x", R"({"choices":[]})", R"({"choices":[1]})",
        R"({"choices":[{"message":[]}]})", R"({"type":"message"})",
        R"({"choices":[{"message":{"tool_calls":[{"function":{}}]}}]})"})
    for (const auto format : {openai, anthropic}) {
      INFO(body);
      const auto reply = decode_reply(format, body);
      REQUIRE(reply.has_error());
      CHECK(reply.error().code == errc::provider_malformed);
    }
  for (const std::string data :
       {"1", "[]", "{}", R"({"choices":{}})", R"({"type":5})",
        R"({"choices":[{"delta":{"tool_calls":[{"index":-1}]}}]})",
        R"({"type":"content_block_start"})",
        R"({"type":"content_block_delta","index":9})"})
    for (const auto format : {openai, anthropic}) {
      const auto decoder = providers::make_stream_decoder(format);
      CHECK_NOTHROW(static_cast<void>(decoder->on_event(data)));
      CHECK(decoder->finish().has_error());
    }
}

TEST_CASE("a stream cannot open blocks without end", "[wire_codec]") {
  const auto decoder = providers::make_stream_decoder(openai);
  protocol::result<void> fed;
  int count = 0;
  for (; fed && count < 5000; ++count)
    fed = decoder->on_event(R"({"choices":[{"delta":{"tool_calls":[{"index":)"
                            + std::to_string(count)
                            + R"(,"function":{"name":"x"}}]}}]})");
  CHECK(count == 1025);
  CHECK(fed.error().code == errc::provider_malformed);
}
