#include "support/catch.hpp"
#include "troupe/runtime/typed_tool.hpp"

#include <troupe/protocol/json.hpp>

#include <memory>

using namespace troupe;
using protocol::errc;

namespace troupe::test::typed {

struct station {
  std::string name;
  std::vector<std::uint32_t> heights;
};
BOOST_DESCRIBE_STRUCT(station, (), (name, heights))

struct query {
  std::string city;
  std::optional<std::uint8_t> day;
};
BOOST_DESCRIBE_STRUCT(query, (), (city, day))

struct wide_query {
  std::vector<station> stations;
};
BOOST_DESCRIBE_STRUCT(wide_query, (), (stations))

struct weather {
  std::string city;
  std::int32_t degrees = 0;
};
BOOST_DESCRIBE_STRUCT(weather, (), (city, degrees))

} // namespace troupe::test::typed

namespace {

using namespace troupe::test::typed;

/// Calls a tool that was added, as its model would, by a run.
struct world {
  world() {
    config.simulated.latency_scale_permille = 0;
    config.log.level = log_level::off;
    made = std::make_unique<runtime>(runtime::create(config).value());
  }

  bool run() {
    protocol::mission mission;
    mission.name = "typed";
    mission.agents.resize(1);
    mission.agents[0].card.name = "writer";
    mission.agents[0].tools = {"weather"};
    mission.tasks.resize(1);
    mission.tasks[0].id = "ask";
    mission.tasks[0].agent = "writer";
    mission.tasks[0].prompt = "Use weather and tell how warm it is.";
    const auto report = made->run(mission);
    return report && report->state == protocol::run_state::done;
  }

  runtime_config config;
  std::unique_ptr<runtime> made;
};

} // namespace

TEST_CASE("a tool's schema is an object made from its struct", "[typed_tool]") {
  CHECK(tool_input_schema(protocol::schema_of<query>())
        == R"({"type":"object","properties":{"city":{"type":"string"},)"
           R"("day":{"anyOf":[{"type":"integer","minimum":0,"maximum":255},)"
           R"({"type":"null"}]}},"required":["city"],)"
           R"("additionalProperties":false})");
  const auto wide = protocol::parse_json(
      tool_input_schema(protocol::schema_of<wide_query>()));
  REQUIRE(wide.has_value());
  CHECK(wide->at("type") == "object");
  CHECK(wide->at("$defs").as_object().contains("station"));
}

TEST_CASE("a tool gives texts as they are and structs as JSON",
          "[typed_tool]") {
  CHECK(tool_output(std::string{"12 degrees"}) == "12 degrees");
  CHECK(tool_output("warm") == "warm");
  CHECK(tool_output(weather{"Bonn", -3}) == R"({"city":"Bonn","degrees":-3})");
}

TEST_CASE("a model calls a typed tool", "[typed_tool]") {
  world w;
  int calls = 0;
  REQUIRE(add_typed_tool<query>(*w.made, "weather", "Tells how warm it is.",
                                [&](const query& asked, const tool_view&)
                                    -> protocol::result<weather> {
                                  ++calls;
                                  return weather{asked.city, 12};
                                })
              .has_value());
  CHECK(w.run());
  CHECK(calls == 1);
}

TEST_CASE("arguments that are none do not reach a typed tool", "[typed_tool]") {
  for (const std::string bad :
       {"{", R"({"city":1})", "{}", R"({"city":"x","day":300})",
        R"({"city":"x","other":1})", "[]"}) {
    INFO(bad);
    const auto json = parse_tool_arguments(bad);
    CHECK((!json || !protocol::from_json<query>(*json)));
  }
  const auto json = parse_tool_arguments(R"({"city":"x","day":300})");
  CHECK(protocol::from_json<query>(*json).error().detail.starts_with("/day"));
  CHECK(
      parse_tool_arguments('"' + std::string(2U << 20U, 'x') + '"').error().code
      == errc::limit_exceeded);
}

TEST_CASE("a typed tool's name is checked as any other's", "[typed_tool]") {
  world w;
  CHECK(add_typed_tool<query>(
            *w.made, "no name", "",
            [](const query& asked, const tool_view&) { return asked.city; })
            .error()
            .code
        == errc::invalid_request);
}
