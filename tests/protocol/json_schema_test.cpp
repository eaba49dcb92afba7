#include "support/catch.hpp"
#include "support/message_samples.hpp"
#include "support/protocol/schema_validator.hpp"
#include "troupe/protocol/json_schema.hpp"
#include "troupe/protocol/mission.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace troupe::protocol {

using boost::json::parse;
using test::schema_violation;

TEST_CASE("every message is valid by its own schema", "[json_schema]") {
  const std::uint64_t seed = 81;
  INFO("seed " << seed);
  test::random_source chance{seed};
  const auto schemas = message_schemas();
  const auto types = message_types();
  for (std::size_t type = 0; type < types.size(); ++type)
    for (int i = 0; i < 30; ++i) {
      const auto json =
          parse(encode_message(test::random_message(type, chance)));
      INFO(boost::json::serialize(json));
      CHECK(schema_violation(schemas.at(types[type]), json) == "");
    }
}

TEST_CASE("no message is valid by another message's schema", "[json_schema]") {
  const auto schemas = message_schemas();
  CHECK(schemas.size() == test::message_type_count());
  const auto types = message_types();
  for (const auto& schema : schemas)
    for (std::size_t i = 0; i < types.size(); ++i) {
      const bool own = schema.key() == types[i];
      const auto json = parse(encode_message(test::default_message(i)));
      CHECK(schema_violation(schema.value(), json).empty() == own);
    }
}

TEST_CASE("what the schema forbids the reader refuses", "[json_schema]") {
  const auto schema = schema_of<mission>();
  for (const auto* text :
       {"[]", R"({"nam":"x"})", R"({"name":1})", R"({"concurrency":-1})",
        R"({"concurrency":4294967296})", R"({"concurrency":1.5})",
        R"({"order":"later"})", R"({"budget":"1e3"})", R"({"deadline":"5"})",
        R"({"inputs":[{"name":"x"}]})", R"({"tasks":[{"level":"none"}]})"}) {
    INFO(text);
    const auto json = parse(text);
    CHECK_FALSE(schema_violation(schema, json).empty());
    CHECK(from_json<mission>(json).has_error());
  }
  for (const auto* text :
       {"{}", R"({"budget":"$5 USD"})", R"({"deadline":"1.5h"})",
        R"({"tasks":[{"level":null}]})", R"({"tasks":[{"level":"expert"}]})"}) {
    INFO(text);
    const auto json = parse(text);
    CHECK(schema_violation(schema, json) == "");
    CHECK(from_json<mission>(json).has_value());
  }
}

TEST_CASE("a schema says what a form needs and what it means by silence",
          "[json_schema]") {
  const auto schema = message_schema<request<perform_task>>();
  CHECK(schema.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
  CHECK(schema.at("title") == "request perform_task");
  CHECK(schema.at("required") == parse(R"(["kind","type","header","body"])"));
  CHECK(schema.at("properties").at("type")
        == parse(R"({"const":"perform_task"})"));
  CHECK(schema.at("properties").at("body")
        == parse(R"({"$ref":"#/$defs/perform_task"})"));
  const auto& body = schema.at("$defs").at("perform_task");
  CHECK(body.at("required").as_array().empty());
  CHECK(body.at("additionalProperties") == false);
  CHECK(body.at("properties").at("attempt")
        == parse(R"({"type":"integer","minimum":0,"maximum":4294967295,)"
                 R"("default":1})"));
  CHECK(
      body.at("properties").at("level")
      == parse(R"({"enum":["basic","advanced","expert"],"default":"basic"})"));
  CHECK(schema.at("$defs").at("task_input").at("required")
        == parse(R"(["name","text"])"));
}

} // namespace troupe::protocol
