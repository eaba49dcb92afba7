#include "own_effects.hpp"
#include "support/actors/show_result.hpp"
#include "support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::fail;

namespace {

using text = protocol::result<std::string>;

} // namespace

TEST_CASE("equal effects of an attempt are counted, whatever the order of "
          "their arguments",
          "[own_effects]") {
  own_effects it;
  const auto number = [&it](const std::string& name, const std::string& args) {
    const auto next = it.next({name, args});
    REQUIRE(next.has_value());
    return next->number;
  };
  CHECK(number("mail", R"({"a":1,"b":[2]})") == 1);
  CHECK(number("mail", R"({ "b": [2], "a": 1 })") == 2);
  CHECK(number("mail", R"({"a":1,"b":[3]})") == 1);
  CHECK(number("post", R"({"a":1,"b":[2]})") == 1);
  CHECK(number("mail", "") == 1);
  CHECK(number("mail", "{}") == 2);
}

TEST_CASE("an effect without a good name or with arguments that are no JSON "
          "is refused, and not counted",
          "[own_effects]") {
  own_effects it;
  const auto code = [&it](const std::string& name, const std::string& args) {
    const auto next = it.next({name, args});
    REQUIRE_FALSE(next.has_value());
    return next.error().code;
  };
  CHECK(code("", "{}") == errc::invalid_request);
  CHECK(code("a b", "{}") == errc::invalid_request);
  CHECK(code("a\n", "{}") == errc::invalid_request);
  CHECK(code(std::string(65, 'a'), "{}") == errc::invalid_request);
  CHECK(code("mail", "{") == errc::invalid_request);
  CHECK(code("mail", "{\"a\":1,\"a\":2}") == errc::invalid_request);
  CHECK(code("mail", std::string(2'000, '[')) == errc::invalid_request);
  CHECK(code("mail", '"' + std::string(effect_bytes_max, 'a') + '"')
        == errc::limit_exceeded);
  const auto next = it.next({"mail", "{}"});
  REQUIRE(next.has_value());
  CHECK(next->number == 1);
}

TEST_CASE("what an effect gave is told again, errors with their code",
          "[own_effects]") {
  const auto told = [](const text& outcome) {
    const auto kept = outcome_to_keep(outcome, false);
    REQUIRE(kept.has_value());
    return outcome_from(*kept) == outcome;
  };
  CHECK(told(text{"sent: to ann"}));
  CHECK(told(text{""}));
  CHECK(told(fail(errc::agent_failed, "no such: address")));
  CHECK(told(fail(errc::unreachable, "")));
  // What a tool of that name has said.
  const auto other = outcome_from({{}, "no: address", true});
  CHECK(other == text{fail(errc::tool_failed, "no: address")});
}

TEST_CASE("nothing is kept of an effect of which its code does not know, or "
          "that may be begun again",
          "[own_effects]") {
  for (const auto code :
       {errc::cancelled, errc::deadline_exceeded, errc::effect_unknown})
    CHECK_FALSE(outcome_to_keep(fail(code, "x"), false).has_value());
  CHECK_FALSE(outcome_to_keep(fail(errc::unreachable, "x"), true).has_value());
  CHECK(outcome_to_keep(text{"done"}, true).has_value());
}

TEST_CASE("an effect that gives too much has failed", "[own_effects]") {
  CHECK(bounded_outcome(std::string(effect_bytes_max, 'a')).has_value());
  const auto more = bounded_outcome(std::string(effect_bytes_max + 1, 'a'));
  REQUIRE_FALSE(more.has_value());
  CHECK(more.error().code == errc::limit_exceeded);
}
