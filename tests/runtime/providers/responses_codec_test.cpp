#include "providers/wire_codec.hpp"
#include "support/catch.hpp"

#include <boost/json.hpp>

using namespace troupe;
using protocol::errc;
using protocol::stop_reason;
using providers::decode_reply;
using providers::encode_call;
using providers::wire_options;

namespace {

constexpr auto responses = providers::wire_format::openai_responses;

protocol::model_call full_call() {
  using protocol::chat_role;
  protocol::model_call call;
  call.model = "m";
  call.system = "be brief";
  call.messages = {{chat_role::user, {protocol::text_part{"weather?"}}},
                   {chat_role::assistant,
                    {protocol::thinking_part{
                         "hm", R"({"id":"rs_1","encrypted_content":"x"})"},
                     protocol::tool_call{"c1", "look", R"({"city":"Bonn"})"}}},
                   {chat_role::user,
                    {protocol::tool_result{"c1", "no", true},
                     protocol::text_part{"go on"}}}};
  call.tools = {{"look", "looks", R"({"type":"object"})"}};
  call.output_tokens_max = 77;
  call.temperature_permille = 1500;
  call.stream = false;
  return call;
}

boost::json::value body_of(const wire_options& options,
                           const protocol::model_call& call) {
  const auto body = encode_call(options, call);
  REQUIRE(body.has_value());
  return boost::json::parse(*body);
}

std::string answer_of(const std::string& output,
                      const std::string& more = R"("status":"completed")") {
  return R"({"object":"response",)" + more + R"(,"output":[)" + output + "]}";
}

const std::string said =
    R"({"type":"message","content":[{"type":"output_text","text":"yes"}]})";

/// Feeds events; returns what came of them.
protocol::result<protocol::model_reply>
stream_of(const std::vector<std::string>& events, std::string* told = nullptr) {
  const auto decoder = providers::make_stream_decoder(responses);
  for (const auto& event : events) {
    if (auto taken = decoder->on_event(event); !taken)
      return taken.error();
    if (told != nullptr)
      *told += decoder->take_fresh_text();
  }
  return decoder->finish();
}

} // namespace

TEST_CASE("a call becomes items of OpenAI's Responses", "[responses_codec]") {
  const auto body = body_of({responses}, full_call());
  CHECK(providers::path_of(responses) == "/responses");
  CHECK(body.at("instructions") == "be brief");
  CHECK(body.at("max_output_tokens") == 77);
  CHECK(body.at("store") == false);
  CHECK_FALSE(body.as_object().contains("include"));
  CHECK_FALSE(body.as_object().contains("stream"));
  CHECK(body.at("input") == boost::json::parse(R"([
    {"type":"message","role":"user","content":"weather?"},
    {"type":"function_call","call_id":"c1","name":"look",
     "arguments":"{\"city\":\"Bonn\"}"},
    {"type":"function_call_output","call_id":"c1","output":"Error: no"},
    {"type":"message","role":"user","content":"go on"}])"));
  CHECK(body.at("tools") == boost::json::parse(R"([{"type":"function",
    "name":"look","description":"looks","parameters":{"type":"object"},
    "strict":false}])"));
}

TEST_CASE("reasoning goes back sealed, where it is wanted",
          "[responses_codec]") {
  wire_options options{responses};
  options.sends_reasoning_back = true;
  auto call = full_call();
  auto body = body_of(options, call);
  CHECK(body.at("include").at(0) == "reasoning.encrypted_content");
  CHECK(body.at("input").at(1) == boost::json::parse(R"({"type":"reasoning",
    "id":"rs_1","encrypted_content":"x",
    "summary":[{"type":"summary_text","text":"hm"}]})"));
  // Of another provider: it could not be read.
  call.messages[1].content[0] = protocol::thinking_part{"hm", "c2ln"};
  body = body_of(options, call);
  CHECK(body.at("input").as_array().size() == 4);
}

TEST_CASE("an answer of Responses is read", "[responses_codec]") {
  const auto reply = decode_reply(
      responses,
      answer_of(R"({"type":"reasoning","id":"rs_1","encrypted_content":"x",
                    "summary":[{"type":"summary_text","text":"hm"}]},
                   {"type":"web_search_call","id":"ws_1"},)"
                    + said + R"(,{"type":"function_call","call_id":"c1",
                    "name":"look","arguments":"{\"a\":1}"})",
                R"("status":"completed","error":null,"usage":{
                   "input_tokens":100,"input_tokens_details":{
                   "cached_tokens":40,"cache_write_tokens":10},
                   "output_tokens":30,
                   "output_tokens_details":{"reasoning_tokens":20}})"));
  REQUIRE(reply.has_value());
  CHECK(reply->stop == stop_reason::tool_use);
  REQUIRE(reply->content.size() == 3);
  CHECK(std::get<protocol::thinking_part>(reply->content[0])
        == protocol::thinking_part{"hm",
                                   R"({"id":"rs_1","encrypted_content":"x"})"});
  CHECK(protocol::text_of(reply->content) == "yes");
  CHECK(std::get<protocol::tool_call>(reply->content[2])
        == protocol::tool_call{"c1", "look", R"({"a":1})"});
  CHECK(reply->used.input == 50);
  CHECK(reply->used.cache_read == 40);
  CHECK(reply->used.cache_write == 10);
  CHECK(reply->used.output == 30);
  CHECK(reply->used.reasoning == 20);
  CHECK(reply->used.source == protocol::usage_source::reported);
}

TEST_CASE("cached tokens are never more than the prompt", "[responses_codec]") {
  const auto reply = decode_reply(
      responses,
      answer_of(said, R"("usage":{"input_tokens":10,"output_tokens":1,
        "input_tokens_details":{"cached_tokens":9007199254740992,
        "cache_write_tokens":5},
        "output_tokens_details":{"reasoning_tokens":7}})"));
  REQUIRE(reply.has_value());
  CHECK(reply->used.cache_read == 10);
  CHECK(reply->used.prompt() == 10);
  CHECK(reply->used.reasoning == 1);
}

TEST_CASE("why a response ended decides the stop reason", "[responses_codec]") {
  const auto stop = [](const std::string& output, const std::string& more) {
    const auto reply = decode_reply(responses, answer_of(output, more));
    REQUIRE(reply.has_value());
    return reply->stop;
  };
  CHECK(stop(said, R"("status":"completed")") == stop_reason::complete);
  CHECK(stop(said, R"("status":"incomplete","incomplete_details":
                      {"reason":"max_output_tokens"})")
        == stop_reason::length);
  CHECK(stop(said, R"("status":"incomplete","incomplete_details":
                      {"reason":"content_filter"})")
        == stop_reason::refusal);
  CHECK(stop(said, R"("status":"incomplete")") == stop_reason::length);
  CHECK(stop(R"({"type":"message","content":[{"type":"refusal",
                 "refusal":"no"}]})",
             R"("status":"completed")")
        == stop_reason::refusal);
}

TEST_CASE("failures of Responses are told as they are", "[responses_codec]") {
  const auto code = [](const std::string& body) {
    const auto reply = decode_reply(responses, body);
    REQUIRE(reply.has_error());
    return reply.error().code;
  };
  CHECK(code("") == errc::provider_malformed);
  CHECK(code("[]") == errc::provider_malformed);
  CHECK(code("{}") == errc::provider_malformed);
  CHECK(code(R"({"output":{}})") == errc::provider_malformed);
  CHECK(code(answer_of(said, R"("status":"in_progress")"))
        == errc::provider_malformed);
  CHECK(code(answer_of(said, R"("status":"failed")"))
        == errc::provider_unavailable);
  CHECK(code(answer_of("", R"("status":"failed","error":
          {"code":"rate_limit_exceeded","message":"slow"})"))
        == errc::provider_throttled);
  CHECK(code(answer_of("", R"("status":"failed","error":
          {"code":"server_error","message":"x"})"))
        == errc::provider_unavailable);
  CHECK(code(answer_of(R"({"type":"function_call","call_id":"c"})"))
        == errc::provider_malformed);
  std::string many = said;
  for (int i = 0; i < 1'024; ++i)
    many += "," + said;
  CHECK(code(answer_of(many)) == errc::provider_malformed);
}

TEST_CASE("items of the wrong types are taken as absent", "[responses_codec]") {
  const auto reply =
      decode_reply(responses, answer_of(R"(1,null,"x",[],{},{"type":7},
        {"type":"message"},{"type":"message","content":"x"},
        {"type":"message","content":[1,{"type":"output_text","text":2}]},
        {"type":"reasoning","summary":{},"encrypted_content":1})",
                                        R"("status":"completed","usage":[])"));
  REQUIRE(reply.has_value());
  CHECK(reply->content.empty());
  CHECK(reply->used.source == protocol::usage_source::estimated);
}

TEST_CASE("a stream of Responses is put together", "[responses_codec]") {
  std::string told;
  const auto reply = stream_of(
      {R"({"type":"response.created","response":{}})",
       R"({"type":"response.output_item.added","output_index":0,
           "item":{"type":"reasoning","id":"rs_1"}})",
       R"({"type":"response.reasoning_summary_text.delta","output_index":0,
           "delta":"hm"})",
       R"({"type":"response.output_item.added","output_index":1,
           "item":{"type":"message","content":[]}})",
       R"({"type":"response.output_text.delta","output_index":1,
           "delta":"ye"})",
       R"({"type":"response.output_text.delta","output_index":1,
           "delta":"s"})",
       R"({"type":"response.output_item.done","output_index":1,"item":)" + said
           + "}",
       R"({"type":"response.output_item.added","output_index":2,"item":
           {"type":"function_call","call_id":"c1","name":"look",
            "arguments":""}})",
       R"({"type":"response.function_call_arguments.delta","output_index":2,
           "delta":"{\"a\""})",
       R"({"type":"response.function_call_arguments.delta","output_index":2,
           "delta":":1}"})",
       R"({"type":"response.completed","response":{"status":"completed",
           "output":[],"usage":{"input_tokens":3,"output_tokens":4}}})",
       "not JSON, but nobody reads it any more"},
      &told);
  REQUIRE(reply.has_value());
  CHECK(told == "yes");
  CHECK(reply->stop == stop_reason::tool_use);
  REQUIRE(reply->content.size() == 3);
  CHECK(std::get<protocol::thinking_part>(reply->content[0]).text == "hm");
  CHECK(protocol::text_of(reply->content) == "yes");
  CHECK(std::get<protocol::tool_call>(reply->content[2]).arguments
        == R"({"a":1})");
  CHECK(reply->used.input == 3);
}

TEST_CASE("a stream that tells its items at its end only is read as well",
          "[responses_codec]") {
  std::string told;
  const auto reply = stream_of(
      {R"({"type":"response.completed","response":)" + answer_of(said) + "}"},
      &told);
  REQUIRE(reply.has_value());
  CHECK(told == "yes");
}

TEST_CASE("a stream of Responses that fails says how far it was",
          "[responses_codec]") {
  const std::string begun =
      R"({"type":"response.output_text.delta","output_index":0,"delta":"y"})";
  const std::string error =
      R"({"type":"error","code":"rate_limit_exceeded","message":"slow"})";
  const std::string failed =
      R"({"type":"response.failed","response":{"status":"failed","error":
          {"code":"server_error","message":"x"}}})";
  const auto code = [](const std::vector<std::string>& events) {
    const auto reply = stream_of(events);
    REQUIRE(reply.has_error());
    return reply.error().code;
  };
  CHECK(code({error}) == errc::provider_throttled);
  CHECK(code({begun, error}) == errc::stream_truncated);
  CHECK(code({R"({"type":"error","error":{"type":"invalid_request_error"}})"})
        == errc::provider_rejected);
  CHECK(code({failed}) == errc::provider_unavailable);
  CHECK(code({begun, failed}) == errc::stream_truncated);
  CHECK(code({begun}) == errc::stream_truncated);
  CHECK(code({begun, "[DONE]"}) == errc::stream_truncated);
  CHECK(code({}) == errc::stream_truncated);
  CHECK(code({"x"}) == errc::provider_malformed);
  CHECK(code({R"({"type":"response.completed"})"}) == errc::provider_malformed);
  CHECK(code({R"({"type":"response.output_item.added"})"})
        == errc::provider_malformed);
  CHECK(code({begun, R"({"type":"response.output_item.done","output_index":0,
                         "item":{"type":"function_call","name":"n"}})"})
        == errc::provider_malformed);
}
