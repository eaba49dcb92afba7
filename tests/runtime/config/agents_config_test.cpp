// What a configuration says of agents that are programs.
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/config.hpp"
#include "troupe/runtime/runtime.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;

namespace {

loaded_config load(std::string_view text) {
  test::scratch_folder folder{"agents"};
  return load_config(folder.write("troupe.yaml", text), [](const std::string&) {
    return std::optional<std::string>{};
  });
}

/// The first problem, without its place.
std::string problem_of(const std::string& fields) {
  const auto loaded = load("agents:\n  - {" + fields + "}\n");
  return loaded.problems.empty() ? "" : loaded.problems[0].message;
}

std::string with(const std::string& field) {
  return problem_of("name: a, run: [x], " + field);
}

} // namespace

TEST_CASE("an agent of a file reaches the configuration", "[config]") {
  const auto loaded = load(R"(agents:
  - name: pilot
    description: Flies.
    skills: [flying]
    tags: [air]
    isolation: process
    run: [./pilot, -q]
    environment: [HOME]
    memory_max: 2GiB
    files_max: 9
    processes_max: 1
    start_max: 1s
    silence_max: 2s
    stop_max: 3ms
    restarts_max: 4
)");
  REQUIRE(to_text(loaded.problems) == "");
  REQUIRE(loaded.config.agents.size() == 1);
  const auto& it = loaded.config.agents[0];
  CHECK((it.card.name == "pilot" && it.card.description == "Flies."));
  CHECK(it.card.skills == std::vector<std::string>{"flying"});
  CHECK(it.card.tags == std::vector<std::string>{"air"});
  CHECK(it.where.command.size() == 2);
  CHECK(it.where.command[0].ends_with("/pilot"));
  CHECK(it.where.command[0].starts_with("/"));
  CHECK(it.where.environment == std::vector<std::string>{"HOME"});
  CHECK(it.where.memory_max == 2ULL << 30U);
  CHECK((it.where.files_max == 9 && it.where.processes_max == 1));
  CHECK((it.where.start_max == 1s && it.where.silence_max == 2s));
  CHECK((it.where.stop_max == 3ms && it.where.restarts_max == 4));
}

TEST_CASE("what is wrong with an agent of a file is told", "[config]") {
  CHECK(problem_of("run: [x]").find("'name'") != std::string::npos);
  CHECK(problem_of("name: a").find("'run'") != std::string::npos);
  CHECK(problem_of("name: a, run: []").find("'run'") != std::string::npos);
  CHECK(problem_of("name: a b, run: [x]").find("64 letters")
        != std::string::npos);
  CHECK(with("isolation: thread").find("'thread'") != std::string::npos);
  CHECK(with("memory_max: 3").find("'memory_max'") != std::string::npos);
  CHECK(with("silence_max: 1ms").find("silence_max") != std::string::npos);
  CHECK(with("restarts_max: 1001").find("restarts_max") != std::string::npos);
  const auto twice = load("agents: [{name: a, run: x}, {name: a, run: y}]");
  REQUIRE(twice.problems.size() == 1);
  CHECK(twice.problems[0].message == "another agent has this name");
}

TEST_CASE("an agent of a configuration is one of the runtime, if its program "
          "is there",
          "[config]") {
  runtime_config config;
  config.agents.resize(1);
  config.agents[0].card.name = "pilot";
  config.agents[0].where.command = {"/bin/sh"};
  const auto host = runtime::create(config);
  REQUIRE(host.has_value());
  REQUIRE(host->agents().size() == 1);
  CHECK(host->agents()[0].name == "pilot");
  config.agents[0].where.command = {"/nowhere/at-all"};
  const auto none = runtime::create(config);
  REQUIRE(none.has_error());
  CHECK(none.error().code == errc::config_invalid);
  CHECK(none.error().detail.find("agent 'pilot'") != std::string::npos);
}
