// A test of a mission in ten lines: scripted models, virtual time, no network,
// no cost. The twenty minutes that a model is waited for pass at once.
#include <troupe/testing/stage.hpp>

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#define CATCH_CONFIG_MAIN // Catch2 2; version 3 links a main of its own
#include <catch2/catch.hpp>
#endif

using namespace std::chrono_literals;

TEST_CASE("the tide is told, though the model hangs at first") {
  troupe::testing::stage stage;
  stage.model("writer").hangs().says("At six.");

  troupe::protocol::mission mission{.name = "tides", .deadline = 2h};
  mission.agents = {{.card = {.name = "writer"}}};
  mission.tasks.push_back(
      {.id = "tell", .agent = "writer", .prompt = "When?", .timeout = 20min});

  const auto report = stage.run(mission);
  REQUIRE(report.has_value());
  CHECK(report->tasks[0].output == "At six.");
  CHECK(stage.calls().size() == 2);
}
