#include "redactor.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <chrono>

using namespace troupe;
using namespace troupe::actors;
using protocol::test::random_source;

namespace {

std::string cleaned(std::string_view text) {
  return redactor{}.redacted(text);
}

std::string cleaned_json(std::string_view text) {
  auto json = *protocol::parse_json(text);
  redactor{{"tulip-garden-42"}}.redact(json);
  return boost::json::serialize(json);
}

} // namespace

TEST_CASE("keys are known by their first letters", "[redactor]") {
  const auto key = GENERATE(
      as<std::string>{}, "sk-abcdef0123456789", "sk-ant-api03-AbC_dEf-123",
      "sk-proj-0123456789abcdef", "ghp_0123456789abcdefABCDEF0123456789abcd",
      "github_pat_11ABCDEFG0abcdefghij", "xoxb-123456789012-abcdefghijkl",
      "AKIAIOSFODNN7EXAMPLE", "AIzaSyA0123456789abcdefghijklmnopqrstu",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl");
  CHECK(cleaned(key) == "[redacted]");
  CHECK(cleaned("with " + key + ", then") == "with [redacted], then");
  CHECK(cleaned("x=\"" + key + "\"") == "x=\"[redacted]\"");
  CHECK(cleaned("line\\n" + key + "\\nline") == "line\\n[redacted]\\nline");
  CHECK(cleaned(key + key).find(key.substr(4)) == std::string::npos);
}

TEST_CASE("the value after a secret's name goes, in any notation",
          "[redactor]") {
  CHECK(cleaned("Authorization: Bearer abcdef") == "Authorization: [redacted]");
  CHECK(cleaned("so bearer abcdef123 it is") == "so bearer [redacted] it is");
  CHECK(cleaned("Authorization: Basic dTpw\nHost: x")
        == "Authorization: [redacted]\nHost: x");
  CHECK(cleaned(R"({"api_key": "hunter2", "n": 1})")
        == R"({"api_key": "[redacted]", "n": 1})");
  CHECK(cleaned(R"({\"password\":\"a\\\"b\",\"n\":1})")
        == R"({\"password\":\"[redacted]\",\"n\":1})");
  CHECK(cleaned("DB_PASSWORD=hunter2 make") == "DB_PASSWORD=[redacted] make");
  CHECK(cleaned("client-secret: 'a b c' end")
        == "client-secret: '[redacted]' end");
  CHECK(cleaned(R"("credentials": {"user":"u","pin":"p"}, 1)")
        == R"("credentials": [redacted], 1)");
  CHECK(cleaned("https://ann:hunter2@host/x")
        == "https://ann:[redacted]@host/x");
  CHECK(cleaned("a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n"
                "-----END RSA PRIVATE KEY-----\nb")
        == "a\n[redacted]\nb");
}

TEST_CASE("ordinary text is left as it is", "[redactor]") {
  for (const std::string text :
       {"", "The task-management-system of the desk-clerk.",
        "max_tokens: 1024, output_tokens = 5", "The password is not here.",
        "bearer of news", "See https://example.org/a:b@c and -----BEGIN it",
        "0192d3c4-5e6f-7abc-8def-0123456789ab", "2026-11-21T05:20:03.25Z"})
    CHECK(cleaned(text) == text);
}

TEST_CASE("a told secret goes in whole, in pieces and in quotes",
          "[redactor]") {
  const redactor it{{"tulip \"garden\"\n42", "s3cr", ""}};
  CHECK(it.redacted("tulip \"garden\"\n42") == "[redacted]");
  CHECK(it.redacted(R"({"a":"tulip \"garden\"\n42"})")
        == R"({"a":"[redacted]"})");
  CHECK(it.redacted(R"("{\"a\":\"tulip \\\"garden\\\"\\n42\"}")")
        == R"("{\"a\":\"[redacted]\"}")");
  CHECK(it.redacted("so tulip \"gar and") == "so [redacted] and");
  CHECK(it.redacted("s3cr and s3crs3cr") == "[redacted] and [redacted]");
  const redactor umlauts{{"\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA4"}};
  CHECK(umlauts.redacted("x\xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA4y")
        == "x[redacted]y");
}

TEST_CASE("JSON values are redacted by the names beside them", "[redactor]") {
  CHECK(cleaned_json(R"({"apiKey":["a","b"],"n":1})")
        == R"({"apiKey":["[redacted]","[redacted]"],"n":1})");
  CHECK(cleaned_json(R"({"name":"db_password","text":"hunter2"})")
        == R"({"name":"db_password","text":"[redacted]"})");
  CHECK(cleaned_json(R"({"key":"x/token","value":"\"hunter2\""})")
        == R"({"key":"x/token","value":"\"[redacted]\""})");
  CHECK(cleaned_json(R"(["a tulip-garden-42 b"])") == R"(["a [redacted] b"])");
}

TEST_CASE("no text takes more than its length", "[redactor]") {
  const redactor it{{"secret-secret-secret", "sk-"}};
  const auto begun = std::chrono::steady_clock::now();
  for (const std::string piece :
       {"sk-", "eyJ-", "password=\"", "secret=[", "-----BEGIN ",
        "-----BEGIN PRIVATE KEY", "://", "bearer ", "\\", "token\\\\\\\\",
        "secret-", "a:", "\\u0041"}) {
    std::string text;
    while (text.size() < 300'000)
      text += piece;
    CHECK(it.redacted(text).size() < 2 * text.size() + 20);
  }
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds{20});
}

TEST_CASE("no mixture of pieces shows a secret", "[redactor]") {
  const auto seed = GENERATE(1U, 2U, 3U);
  CAPTURE(seed);
  random_source source{seed};
  const std::array<std::string, 14> pieces{
      " sk-abcdefgh1", "password", "=", ":", "\"",       "\\",  "\n",
      "bearer ",       "word ",    "{", "}", "\xC3\xA4", "://", "tulip-garden"};
  const redactor it{{"tulip-garden-42"}};
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (auto n = source.below(12); n > 0; --n)
      text += pieces.at(source.below(pieces.size()));
    const auto once = it.redacted(text);
    CAPTURE(text, once);
    CHECK(once.find("sk-abcdefgh1") == std::string::npos);
    CHECK(once.find("tulip-ga") == std::string::npos);
  }
}
