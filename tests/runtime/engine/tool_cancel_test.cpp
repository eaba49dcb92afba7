#include "support/catch.hpp"
#include "troupe/runtime/runtime.hpp"

#include <condition_variable>
#include <future>
#include <mutex>

using namespace troupe;
using namespace std::chrono_literals;

TEST_CASE("R5: a cancel of a run stops the tool that its model has called",
          "[tool_cancel]") {
  runtime_config config;
  config.simulated.latency_scale_permille = 0;
  config.log.level = log_level::off;
  auto troupe = runtime::create(config);
  REQUIRE(troupe.has_value());
  std::promise<void> called;
  std::promise<bool> stopped;
  const auto wait = [&](const tool_view& it) -> protocol::result<std::string> {
    called.set_value();
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock{mutex};
    changed.wait_for(lock, it.stop, 10s, [] { return false; });
    stopped.set_value(it.stop.stop_requested());
    return std::string{};
  };
  REQUIRE(
      troupe
          ->add_tool({.name = "tide_table",
                      .description = "High water by port",
                      .input_schema = R"({"type":"object","properties":{}})"},
                     wait)
          .has_value());
  protocol::agent_spec spec;
  spec.card.name = "writer";
  spec.tools = {"tide_table"};
  REQUIRE(troupe->add_agent(spec).has_value());
  protocol::mission mission;
  mission.name = "tool";
  mission.tasks.resize(1);
  mission.tasks[0].id = "ask";
  mission.tasks[0].agent = "writer";
  mission.tasks[0].prompt = "Use tide_table and tell when high water comes.";
  auto run = troupe->start(mission);
  REQUIRE(run.has_value());
  REQUIRE(called.get_future().wait_for(10s) == std::future_status::ready);
  run->cancel("enough");
  CHECK(run->wait().state == protocol::run_state::cancelled);
  auto outcome = stopped.get_future();
  REQUIRE(outcome.wait_for(10s) == std::future_status::ready);
  CHECK(outcome.get());
}
