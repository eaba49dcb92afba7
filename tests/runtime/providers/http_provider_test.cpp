#include "support/catch.hpp"
#include "support/runtime/fake_upstream.hpp"
#include "support/runtime/provider_world.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using providers::wire_format;
using test::plain_reply;
using test::provider_world;
using test::stream_reply;

namespace {

const std::string openai_answer =
    R"({"choices":[{"index":0,"message":{"role":"assistant","content":"hi"},)"
    R"("finish_reason":"stop"}],"usage":{"prompt_tokens":9,)"
    R"("completion_tokens":2,"total_tokens":11}})";

const std::string openai_events =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hel\"}}]}\n\n"
    ": OPENROUTER PROCESSING\n\n"
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"},"
    "\"finish_reason\":\"stop\"}]}\n\n"
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,"
    "\"completion_tokens\":2}}\n\n"
    "data: [DONE]\n\n";

} // namespace

TEST_CASE("a plain call comes back as a reply with its usage",
          "[http_provider]") {
  provider_world world{wire_format::openai_chat};
  world.upstream.will(plain_reply(200, openai_answer));
  auto call = provider_world::call("hello");
  call.body.stream = false;
  const auto reply = world.ask(call);
  REQUIRE(reply.has_value());
  CHECK(protocol::text_of(reply->body.content) == "hi");
  CHECK(reply->body.used.input == 9);
  CHECK(reply->body.used.output == 2);
  CHECK(reply->body.provider == "fake");
  CHECK(reply->head.correlation == call.head.message);
  const auto sent = world.upstream.requests().at(0);
  CHECK(sent.starts_with("POST /v1/chat/completions HTTP/1.1"));
  CHECK(sent.find("Authorization: Bearer " + test::key_canary)
        != std::string::npos);
  CHECK(sent.find("Accept-Encoding: identity") != std::string::npos);
}

TEST_CASE("a streamed call tells its text before it answers",
          "[http_provider]") {
  provider_world world{wire_format::openai_chat};
  for (std::size_t piece : {0U, 1U, 7U}) {
    auto reply = stream_reply(openai_events);
    reply.piece_bytes = piece;
    world.upstream.will(reply);
    world.told.clear();
    const auto answer = world.ask(provider_world::call("hello"));
    REQUIRE(answer.has_value());
    CHECK(protocol::text_of(answer->body.content) == "hello");
    CHECK(world.told == "hello");
    CHECK(answer->body.used.input == 9);
  }
}

TEST_CASE("cancelling a scope ends its calls and closes their sockets",
          "[http_provider]") {
  provider_world world{wire_format::anthropic_messages};
  auto call = provider_world::call("hello");
  call.head.cancel_scope = {7, 7};
  const auto outcome = world.ask(call, [&] { world.cancel({7, 7}); });
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == errc::cancelled);
  CHECK(world.eventually([&] { return world.upstream.closed() == 1; }));
}

TEST_CASE("R3: a provider that ends answers its open calls",
          "[http_provider]") {
  provider_world world{wire_format::openai_chat};
  const auto outcome =
      world.ask(provider_world::call("hello"), [&] { world.end_provider(); });
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == errc::unreachable);
}

TEST_CASE("a call ends by its deadline", "[http_provider]") {
  provider_world world{wire_format::openai_chat};
  auto call = provider_world::call("hello");
  call.head.deadline = std::chrono::system_clock::now() + 50ms;
  const auto outcome = world.ask(call);
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code == errc::deadline_exceeded);
  call.head.deadline = std::chrono::system_clock::now() - 1s;
  CHECK(world.ask(call).error().code == errc::deadline_exceeded);
  CHECK(world.upstream.requests().size() == 1);
}

TEST_CASE("a refusal says why without showing the key", "[http_provider]") {
  provider_world world{wire_format::openai_chat};
  const auto body = R"({"error":{"type":"invalid_request_error","code":)"
                    R"("invalid_api_key","message":"Incorrect key )"
                    + test::key_canary + R"("}})";
  for (const auto& [status, code] :
       {std::pair{401U, errc::provider_unauthorized},
        std::pair{429U, errc::provider_throttled},
        std::pair{500U, errc::provider_unavailable},
        std::pair{504U, errc::provider_timeout},
        std::pair{413U, errc::context_too_long},
        std::pair{302U, errc::provider_rejected},
        std::pair{404U, errc::provider_rejected}}) {
    world.upstream.will(plain_reply(status, body));
    const auto outcome = world.ask(provider_world::call("hello"));
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == code);
    CHECK(outcome.error().detail.find("invalid_api_key") != std::string::npos);
    CHECK(outcome.error().detail.find(test::key_canary.substr(0, 9))
          == std::string::npos);
  }
  CHECK(world.upstream.connections() == 1);
}

TEST_CASE("an error inside a 200 depends on what came before it",
          "[http_provider]") {
  provider_world world{wire_format::anthropic_messages};
  const std::string error =
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":"
      "\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";
  world.upstream.will(stream_reply(error));
  CHECK(world.ask(provider_world::call("hello")).error().code
        == errc::provider_unavailable);
  world.upstream.will(stream_reply(
      "event: content_block_start\ndata: {\"type\":\"content_block_start\","
      "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"so\"}}\n\n"
      + error));
  CHECK(world.ask(provider_world::call("hello")).error().code
        == errc::stream_truncated);
}

TEST_CASE("a stream that is cut is told from one that ended",
          "[http_provider]") {
  provider_world world{wire_format::openai_chat};
  const auto third = openai_events.find(": OPENROUTER");
  world.upstream.will(stream_reply(openai_events.substr(0, third)));
  CHECK(world.ask(provider_world::call("hello")).error().code
        == errc::stream_truncated);
  world.upstream.will(stream_reply(openai_events.substr(0, third), true));
  CHECK(world.ask(provider_world::call("hello")).error().code
        == errc::stream_truncated);
  const auto done = openai_events.find("data: [DONE]");
  world.upstream.will(stream_reply(openai_events.substr(0, done), true));
  CHECK(world.ask(provider_world::call("hello")).has_value());
}

TEST_CASE("a config with problems is refused before any call",
          "[http_provider]") {
  http::io_thread io;
  providers::http_provider_config config;
  config.name = "x";
  config.base_url = "https://api.example.com/v1";
  config.io = &io;
  CHECK(validate(config).has_value());
  config.base_url = "http://api.example.com/v1";
  CHECK(validate(config).error().code == errc::config_invalid);
  config.base_url = "http://127.0.0.1:80/v1";
  CHECK(validate(config).has_value());
  config.headers = {{"X-Title", "a\r\nHost: b"}};
  CHECK(validate(config).error().code == errc::config_invalid);
  config.headers = {{"Authorization", "a"}};
  CHECK(validate(config).error().code == errc::config_invalid);
  config.headers = providers::openrouter_headers("https://a.example", "t");
  CHECK(config.headers.size() == 2);
  CHECK(validate(config).has_value());
  config.api_key = providers::secret{"a b"};
  CHECK(validate(config).error().code == errc::config_invalid);
}
