#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/runtime/tool_caller.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <csignal>
#include <fstream>

using namespace std::chrono_literals;
using namespace troupe;
using test::eventually;
using test::shell_tool;

namespace {

runtime_config config_with_tool(const tool_config& tool) {
  runtime_config config;
  config.simulated.latency_scale_permille = 0;
  config.log.level = log_level::off;
  config.tools = {tool};
  return config;
}

/// One task whose simulated model calls the tool `probe`.
protocol::mission mission_with_tool() {
  protocol::mission mission;
  mission.name = "tool";
  mission.agents.resize(1);
  mission.agents[0].card.name = "writer";
  mission.agents[0].tools = {"probe"};
  mission.tasks.resize(1);
  mission.tasks[0].id = "ask";
  mission.tasks[0].agent = "writer";
  mission.tasks[0].prompt = "Use probe and tell how deep it is.";
  return mission;
}

pid_t number_in(const std::filesystem::path& file) {
  std::ifstream from{file};
  pid_t number = 0;
  from >> number;
  return from ? number : 0;
}

} // namespace

TEST_CASE("a mission's agent names a tool of the configuration",
          "[process_tools]") {
  test::scratch_folder folder{"tools"};
  const auto file = folder.path() / "arguments";
  auto troupe =
      runtime::create(config_with_tool(shell_tool("tee -a " + file.string())));
  REQUIRE(troupe.has_value());
  const auto report = troupe->run(mission_with_tool());
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
  CHECK(report->tasks[0].model_calls == 2);
  CHECK(std::filesystem::file_size(file) >= 2);
}

TEST_CASE("R5: a cancel of a run ends the program behind its tool",
          "[process_tools]") {
  test::scratch_folder folder{"tools"};
  const auto file = folder.path() / "who";
  auto troupe = runtime::create(config_with_tool(
      shell_tool("echo $$ > " + file.string() + "; sleep 600")));
  REQUIRE(troupe.has_value());
  auto run = troupe->start(mission_with_tool());
  REQUIRE(run.has_value());
  REQUIRE(eventually([&] { return number_in(file) != 0; }));
  run->cancel("enough");
  CHECK(run->wait().state == protocol::run_state::cancelled);
  CHECK(eventually([&] { return ::kill(number_in(file), 0) != 0; }));
}

TEST_CASE("a runtime that ends takes the programs of its tools with it",
          "[process_tools]") {
  test::scratch_folder folder{"tools"};
  const auto file = folder.path() / "who";
  {
    auto troupe = runtime::create(config_with_tool(
        shell_tool("echo $$ > " + file.string() + "; sleep 600")));
    REQUIRE(troupe.has_value());
    auto run = troupe->start(mission_with_tool());
    REQUIRE(run.has_value());
    REQUIRE(eventually([&] { return number_in(file) != 0; }));
  }
  CHECK(::kill(number_in(file), 0) != 0);
}

TEST_CASE("a program's failure is told to the model, which goes on",
          "[process_tools]") {
  auto troupe =
      runtime::create(config_with_tool(shell_tool("echo broken >&2; exit 1")));
  REQUIRE(troupe.has_value());
  const auto report = troupe->run(mission_with_tool());
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
}

TEST_CASE("a runtime that cannot have its sandbox does not start",
          "[process_tools]") {
  auto tool = shell_tool("true");
  tool.sandbox = sandbox_use::required;
  const std::string path = ::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const auto troupe = runtime::create(config_with_tool(tool));
  ::setenv("PATH", path.c_str(), 1);
  REQUIRE_FALSE(troupe.has_value());
  CHECK(troupe.error().code == protocol::errc::config_invalid);
}
