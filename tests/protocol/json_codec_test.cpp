#include "support/catch.hpp"
#include "support/protocol/random_message.hpp"
#include "troupe/protocol/catalogue.hpp"
#include "troupe/protocol/json.hpp"
#include "troupe/protocol/mission.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace troupe::protocol {

namespace {

using boost::json::parse;

template <class T>
std::string refusal_of(std::string_view text) {
  const auto read = from_json<T>(parse(text));
  INFO(text);
  REQUIRE(read.has_error());
  CHECK(read.error().code == errc::malformed_message);
  return read.error().detail;
}

template <class T>
void check_round_trips(std::uint64_t seed) {
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (int i = 0; i < 300; ++i) {
    const auto value = test::random<T>(chance);
    const auto text = boost::json::serialize(to_json(value));
    INFO(text);
    const auto read = from_json<T>(parse(text));
    REQUIRE(read.has_value());
    CHECK(*read == value);
  }
}

} // namespace

TEST_CASE("described structs read back as they were", "[json_codec]") {
  check_round_trips<mission>(61);
  check_round_trips<model_spec>(62);
  check_round_trips<std::vector<content_part>>(64);
}

TEST_CASE("members that hold their default are left out", "[json_codec]") {
  CHECK(to_json(perform_task{}) == parse("{}"));
  perform_task task;
  task.task = "a";
  task.attempt = 2;
  CHECK(to_json(task) == parse(R"({"task":"a","attempt":2})"));
  CHECK(to_json(cancel{}).as_object().size() == 2); // elsewhere all are written
}

TEST_CASE("an unknown field is refused with its place", "[json_codec]") {
  CHECK(refusal_of<perform_task>(R"({"promt":"x"})")
        == "/promt: unknown field (did you mean 'prompt'?)");
  CHECK(refusal_of<perform_task>(R"({"inputs":[{"name":"a","text":"b"},)"
                                 R"({"name":"a","text":"b","x":1}]})")
        == "/inputs/1/x: unknown field");
  CHECK(refusal_of<cancel>(R"({"scope":")" + to_string(id{1, 2})
                           + R"(","reason":"","a/b~c":1})")
        == "/a~1b~0c: unknown field");
  CHECK(refusal_of<perform_task>(R"({"":1})") == "/: unknown field");
}

TEST_CASE("a missing field is refused with its place", "[json_codec]") {
  CHECK(refusal_of<perform_task>(R"({"inputs":[{"name":"a"}]})")
        == "/inputs/0/text: missing field");
  CHECK(refusal_of<agent_registered>("{}") == "/incarnation: missing field");
}

TEST_CASE("a wrong type is refused with its place", "[json_codec]") {
  CHECK(refusal_of<perform_task>(R"({"prompt":7})")
        == "/prompt: expected a string, found an integer");
  CHECK(refusal_of<perform_task>(R"({"inputs":{}})")
        == "/inputs: expected an array, found an object");
  CHECK(refusal_of<perform_task>(R"({"attempt":"1"})")
        == "/attempt: expected an integer, found a string");
  CHECK(refusal_of<perform_task>(R"({"attempt":1.0})")
        == "/attempt: expected an integer, found a number with a fraction or "
           "exponent");
  CHECK(refusal_of<perform_task>(R"({"attempt":null})")
        == "/attempt: expected an integer, found null");
  CHECK(refusal_of<perform_task>("[]")
        == "document: expected an object, found an array");
  CHECK(refusal_of<model_reply>(R"({"simulated":0})")
        == "/simulated: expected true or false, found an integer");
  CHECK(refusal_of<model_reply>(R"({"cost":0.5})")
        == "/cost: expected dollars as a string, found a number with a "
           "fraction or exponent");
}

TEST_CASE("a number out of range is refused with its place", "[json_codec]") {
  CHECK(refusal_of<perform_task>(R"({"attempt":4294967296})")
        == "/attempt: out of range, expected 0 to 4294967295");
  CHECK(refusal_of<perform_task>(R"({"attempt":-1})")
        == "/attempt: out of range, expected 0 to 4294967295");
  CHECK(refusal_of<perform_task>(R"({"seed":-1})")
        == "/seed: out of range, expected 0 to 18446744073709551615");
  CHECK(refusal_of<std::int8_t>("-129")
        == "document: out of range, expected "
           "-128 to 127");
  CHECK(refusal_of<std::int64_t>("9223372036854775808")
        == "document: out of range, expected -9223372036854775808 to "
           "9223372036854775807");
  CHECK(from_json<std::int64_t>(parse("-9223372036854775808")).value()
        == INT64_MIN);
  CHECK(from_json<std::uint64_t>(parse("18446744073709551615")).value()
        == UINT64_MAX);
  CHECK(from_json<std::int8_t>(parse("-128")).value() == -128);
}

TEST_CASE("an unknown name is refused with those known", "[json_codec]") {
  CHECK(refusal_of<perform_task>(R"({"level":"exprt"})")
        == "/level: unknown name 'exprt' (did you mean 'expert'?), expected "
           "one of: basic, advanced, expert");
  CHECK(refusal_of<perform_task>(R"({"level":2})")
        == "/level: expected a name, found an integer");
}

TEST_CASE("foreign text in an error is short and printable", "[json_codec]") {
  const auto long_name = std::string(63, 'a') + "\xC3\xA4" + "bbb";
  boost::json::object object;
  object[long_name] = 1;
  const auto read = from_json<perform_task>(object);
  REQUIRE(read.has_error());
  CHECK(read.error().detail
        == '/' + std::string(63, 'a') + "...: unknown field");
  CHECK(refusal_of<perform_task>(R"({"level":"\u001b[31m\n"})")
            .find_first_of("\x1b\n")
        == std::string::npos);
}

TEST_CASE("texts with a form of their own are checked", "[json_codec]") {
  CHECK(refusal_of<reserve_budget>(R"({"account":"a","amount":"1e3"})")
            .starts_with("/amount: expected dollars"));
  CHECK(refusal_of<budget_reserved>(R"({"reservation":"x"})")
            .starts_with("/reservation: expected an id"));
  CHECK(refusal_of<run_event>(R"({"at":"today"})")
            .starts_with("/at: expected a time"));
  CHECK(refusal_of<task_spec>(R"({"timeout":"5"})")
            .starts_with("/timeout: expected a duration"));
}

TEST_CASE("alternatives are told by their one field", "[json_codec]") {
  CHECK(to_json(content_part{text_part{"x"}})
        == parse(R"({"text":{"text":"x"}})"));
  CHECK(refusal_of<content_part>(R"({"txt":{}})")
        == "/txt: unknown field (did you mean 'text'?)");
  CHECK(refusal_of<content_part>("{}")
        == "document: expected an object with one field, found an object");
  CHECK(refusal_of<content_part>(R"({"tool_call":{"call_id":"1","name":"f"}})")
        == "/tool_call/arguments: missing field");
}

TEST_CASE("an optional may be absent or null", "[json_codec]") {
  CHECK_FALSE(from_json<model_call>(parse("{}"))->temperature_permille);
  CHECK_FALSE(from_json<model_call>(parse(R"({"temperature_permille":null})"))
                  ->temperature_permille);
  CHECK(from_json<model_call>(parse(R"({"temperature_permille":0})"))
            ->temperature_permille
        == 0U);
}

} // namespace troupe::protocol
