#include "support/catch.hpp"
#include "support/protocol/random_message.hpp"
#include "troupe/protocol/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace troupe::protocol {

namespace {

error refusal_of(std::string_view text, json_limits limits = {}) {
  const auto parsed = parse_json(text, limits);
  INFO(text.substr(0, 100));
  REQUIRE(parsed.has_error());
  return parsed.error();
}

bool starts_at_byte(const error& failure, std::size_t offset) {
  return failure.code == errc::malformed_message
         && failure.detail.starts_with("byte " + std::to_string(offset) + ":");
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

} // namespace

TEST_CASE("valid JSON is read as Boost.JSON reads it", "[json_parse]") {
  for (const std::string text :
       {"null", " true ", "[]", "{}", R"({"a":[1,-2,3.5,"x",{"b":null}]})",
        R"("\u00e4\ud83c\udfad\n\/")", "18446744073709551615",
        "-9223372036854775808", "1e300", R"({"":1,"a":{"":2}})",
        R"([{"a":1},{"a":2}])"}) {
    INFO(text);
    const auto parsed = parse_json(text);
    REQUIRE(parsed.has_value());
    CHECK(*parsed == boost::json::parse(text));
  }
}

TEST_CASE("long keys and texts survive the parser's buffers", "[json_parse]") {
  boost::json::object object;
  for (const std::size_t size : {100U, 1023U, 1024U, 1025U, 5000U, 70'000U}) {
    std::string key;
    for (std::size_t i = 0; key.size() < size; ++i)
      key += i % 7 == 0 ? "\"\\\n\xC3\xA4" : "k";
    object[key] = key;
  }
  const boost::json::value json = object;
  const auto parsed = parse_json(boost::json::serialize(json));
  REQUIRE(parsed.has_value());
  CHECK(*parsed == json);
}

TEST_CASE("a syntax error names its byte", "[json_parse]") {
  CHECK(starts_at_byte(refusal_of("{\"a\":1,}"), 7));
  CHECK(starts_at_byte(refusal_of("[1 2]"), 3));
  CHECK(starts_at_byte(refusal_of("nul"), 3));
  CHECK(starts_at_byte(refusal_of(""), 0));
  CHECK(starts_at_byte(refusal_of("1 x"), 2));
  CHECK(starts_at_byte(refusal_of("{} {}"), 3));
  for (const auto* text : {"'a'", "[1,]", "01", "+1", "NaN", "Infinity",
                           "{a:1}", "// c\n1", "\"\n\"", "\"\\x\"", "[", "\"a"})
    CHECK(refusal_of(text).code == errc::malformed_message);
}

TEST_CASE("text that is not Unicode is refused", "[json_parse]") {
  for (const auto* text :
       {R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")", R"("\ud800x")",
        R"("\udc00\ud800")", R"({"\ud800":1})", "\"\xFF\"", "\"\xC3\"",
        "\"\xED\xA0\x80\"", "\"\xC0\xAF\"", "\xEF\xBB\xBF{}"})
    CHECK(refusal_of(text).code == errc::malformed_message);
}

TEST_CASE("a number that would become infinite is refused", "[json_parse]") {
  CHECK(starts_at_byte(refusal_of("1e9999"), 6));
  CHECK(refusal_of("[-1e9999]").code == errc::malformed_message);
  CHECK(refusal_of(R"({"a":1e400})").detail.find("number")
        != std::string::npos);
  CHECK(refusal_of("1" + std::string(400, '0')).code
        == errc::malformed_message);
  CHECK(parse_json("1e-9999").has_value());
}

TEST_CASE("a field that occurs twice is refused", "[json_parse]") {
  const auto failure = refusal_of(R"({"a":1,"b":2,"a":3})");
  CHECK(failure.code == errc::malformed_message);
  CHECK(failure.detail.find("twice") != std::string::npos);
  for (const auto* text : {R"([{"x":{"a":1,"a":1}}])", R"({"a":{"a":1},"a":2})",
                           R"({"a":1,"\u0061":2})", R"({"":1,"":2})",
                           R"({"b":{"c":1},"a":[{"d":1,"e":{},"d":2}]})"})
    CHECK(refusal_of(text).code == errc::malformed_message);
}

TEST_CASE("many fields do not make the check slow", "[json_parse]") {
  std::string text = "{\"k\":0";
  for (int i = 0; i < 100'000; ++i)
    text += ",\"" + std::to_string(i) + "\":0";
  CHECK(parse_json(text + "}").has_value());
  CHECK(refusal_of(text + ",\"77777\":0}").code == errc::malformed_message);
}

TEST_CASE("a text beyond its limits is refused", "[json_parse]") {
  json_limits limits;
  limits.bytes_max = 10;
  CHECK(parse_json("[1,2,3,40]", limits).has_value());
  CHECK(refusal_of("[1,2,3,400]", limits).code == errc::limit_exceeded);
  limits = {};
  CHECK(parse_json(nested(limits.depth_max), limits).has_value());
  const auto too_deep =
      fail(errc::limit_exceeded, "byte 32: values deeper than 32");
  CHECK(refusal_of(nested(limits.depth_max + 1), limits) == too_deep);
  CHECK(refusal_of(std::string(1'000'000, '['), limits) == too_deep);
  limits.values_max = 3;
  CHECK(parse_json("[1,2]", limits).has_value());
  CHECK(refusal_of("[1,2,3]", limits).code == errc::limit_exceeded);
  CHECK(refusal_of("[[],[],{}]", limits).code == errc::limit_exceeded);
}

TEST_CASE("random bytes never crash the parser", "[json_parse]") {
  const std::uint64_t seed = 51;
  INFO("seed " << seed);
  test::random_source chance{seed};
  constexpr std::string_view alphabet = "{}[]:,\"\\u0d8aentrfl1-.e \n\xC3\xA4";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto size = chance.below(30); size > 0; --size)
      text += alphabet[chance.below(alphabet.size())];
    if (const auto parsed = parse_json(text))
      CHECK(parse_json(boost::json::serialize(*parsed)).has_value());
    else
      CHECK(parsed.error().code == errc::malformed_message);
  }
}

} // namespace troupe::protocol
