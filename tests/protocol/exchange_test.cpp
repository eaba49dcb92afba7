#include "support/catch.hpp"
#include "troupe/protocol/exchange.hpp"

using namespace troupe::protocol;
using namespace std::chrono_literals;

namespace {

model_exchange sample() {
  model_exchange it;
  it.number = 3;
  it.provider = "openai";
  it.started = instant{1'800'000'000s};
  it.took = 1500ms;
  it.asked.model = "gpt";
  it.asked.messages = {{chat_role::user, {text_part{"a\nb \xE2\x82\xAC"}}}};
  it.pieces = {{200ms, "x"}, {900ms, "y"}};
  it.reply.emplace().content = {text_part{"xy"}, tool_call{"1", "n", "{}"}};
  return it;
}

} // namespace

TEST_CASE("an exchange comes back from its line", "[exchange]") {
  auto it = sample();
  for (const bool failed : {false, true}) {
    if (failed) {
      it.reply.reset();
      it.failure = fail(errc::provider_throttled, "429");
      it.failure->retry_after = 7s;
    }
    const auto line = to_line(it);
    CHECK(line.find('\n') == std::string::npos);
    const auto back = exchange_of(line);
    REQUIRE(back.has_value());
    CHECK(*back == it);
  }
}

TEST_CASE("a line that is no exchange is refused with its place",
          "[exchange]") {
  const auto why = [](const std::string& line) {
    const auto read = exchange_of(line);
    return read ? std::string{"good"}
                : std::string{to_string(read.error().code)} + ": "
                      + read.error().detail;
  };
  CHECK(why("").starts_with("malformed_message: "));
  CHECK(why("{\"number\":1").starts_with("malformed_message: byte "));
  CHECK(why("[]").starts_with("malformed_message: "));
  CHECK(why("{}")
        == "malformed_message: an exchange has either a reply or a failure");
  CHECK(why(R"({"reply":{},"failure":{}})")
        == "malformed_message: an exchange has either a reply or a failure");
  CHECK(why(R"({"number":-1,"reply":{}})").find("/number")
        != std::string::npos);
  CHECK(why(R"({"reply":{"content":[{"text":1}]}})").find("/reply/content/0")
        != std::string::npos);
  CHECK(why(R"({"reply":{},"anser":1})").find("/anser") != std::string::npos);
  CHECK(why(std::string(exchange_line_bytes_max + 1, ' '))
            .starts_with("limit_exceeded: "));
  const auto whole = to_line(sample());
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    CHECK(exchange_of(whole.substr(0, cut)).has_error());
}

TEST_CASE("the head of a recording tells its version", "[exchange]") {
  CHECK(check_exchange_head(exchange_head()).has_value());
  CHECK(exchange_head()
        == R"({"format":"troupe model exchanges","version":1})");
  const auto why = [](const char* line) {
    const auto good = check_exchange_head(line);
    return good ? std::string{} : good.error().detail;
  };
  CHECK(why("") == "this is no recording of models");
  CHECK(why("\x7f"
            "ELF")
        == "this is no recording of models");
  CHECK(why(R"({"format":"other","version":1})")
        == "this is no recording of models");
  CHECK(why(R"({"format":"troupe model exchanges"})")
        == "the recording has no version");
  CHECK(why(R"({"format":"troupe model exchanges","version":"1"})")
        == "the recording has no version");
  CHECK(why(R"({"format":"troupe model exchanges","version":2})")
        == "a recording of version 2; this troupe reads version 1");
}
