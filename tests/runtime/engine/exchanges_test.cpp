// A runtime that records its calls of models, and one that replays them.
#include "support/catch.hpp"
#include "support/runtime/fake_upstream.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace troupe;
using protocol::errc;
using protocol::replay_mode;
using protocol::run_state;

namespace {

struct office {
  test::scratch_folder folder{"exchanges"};
  std::string file = (folder.path() / "models.jsonl").string();

  static runtime_config quiet() {
    runtime_config config;
    config.simulated.latency_scale_permille = 0;
    config.log.level = log_level::off;
    return config;
  }
  [[nodiscard]] runtime_config recording() const {
    auto config = quiet();
    config.exchanges.record = file;
    return config;
  }
  [[nodiscard]] runtime_config
  replaying(replay_mode mode = replay_mode::strict) const {
    auto config = quiet();
    config.exchanges.replay = file;
    config.exchanges.replay_mode = mode;
    return config;
  }
};

/// Two tasks side by side and one that needs both.
protocol::mission three_tasks(const std::string& third = "Sum up.") {
  protocol::mission mission;
  mission.name = "m";
  mission.agents = {{.card = {.name = "writer", .skills = {"write"}},
                     .instructions = "You write."}};
  mission.inputs = {{"text", "The bridge was closed for nine days. Nobody was "
                             "hurt. The council pays for the repair."}};
  for (const auto* id : {"a", "b"})
    mission.tasks.push_back({.id = id,
                             .agent = "writer",
                             .inputs = {"text"},
                             .prompt = "Tell what happened."});
  mission.tasks.push_back(
      {.id = "c", .agent = "writer", .needs = {"a", "b"}, .prompt = third});
  return mission;
}

protocol::run_report run(const runtime_config& config,
                         const protocol::mission& mission,
                         protocol::exchange_counts* counts = nullptr) {
  auto host = runtime::create(config);
  REQUIRE(host.has_value());
  const auto report = host->run(mission);
  REQUIRE(report.has_value());
  if (counts != nullptr)
    *counts = host->exchanges();
  return *report;
}

} // namespace

TEST_CASE("a recorded run is replayed to the letter", "[exchanges]") {
  const office it;
  protocol::exchange_counts counts;
  const auto first = run(it.recording(), three_tasks(), &counts);
  REQUIRE(first.state == run_state::done);
  CHECK(counts.recorded == 3);
  const auto again = run(it.replaying(), three_tasks(), &counts);
  REQUIRE(again.state == run_state::done);
  CHECK(counts.replayed == 3);
  CHECK(counts.drifted == 0);
  CHECK(counts.unused.empty());
  CHECK(again.simulated);
  CHECK(again.cost == first.cost);
  for (std::size_t i = 0; i < first.tasks.size(); ++i) {
    CHECK(again.tasks[i].output == first.tasks[i].output);
    CHECK(again.tasks[i].model == first.tasks[i].model);
  }
}

TEST_CASE("a prompt that has changed fails a strict replay with a difference",
          "[exchanges]") {
  const office it;
  (void)run(it.recording(), three_tasks());
  protocol::exchange_counts counts;
  const auto again = run(it.replaying(), three_tasks("Sum it up."), &counts);
  CHECK(again.state == run_state::failed);
  REQUIRE(again.tasks[2].failure);
  CHECK(again.tasks[2].failure->code == errc::invalid_request);
  const auto& text = again.tasks[2].failure->detail;
  INFO(text);
  CHECK(text.find("c/writer") != std::string::npos);
  CHECK(text.find("Sum it up.") != std::string::npos);
  CHECK(counts.drifted == 1);
  CHECK(counts.unused.size() == 1);
}

TEST_CASE("a lenient replay answers a changed prompt all the same",
          "[exchanges]") {
  const office it;
  const auto first = run(it.recording(), three_tasks());
  protocol::exchange_counts counts;
  const auto again = run(it.replaying(replay_mode::lenient),
                         three_tasks("Sum it up."), &counts);
  CHECK(again.state == run_state::done);
  CHECK(again.tasks[2].output == first.tasks[2].output);
  CHECK(counts.nearest == 1);
}

TEST_CASE("a task that is gone leaves its exchange unused", "[exchanges]") {
  const office it;
  (void)run(it.recording(), three_tasks());
  auto less = three_tasks();
  less.tasks.pop_back();
  protocol::exchange_counts counts;
  CHECK(run(it.replaying(), less, &counts).state == run_state::done);
  CHECK(counts.unused.size() == 1);
}

TEST_CASE("a real provider is replayed without its key and its server",
          "[exchanges]") {
  const office it;
  REQUIRE(setenv("TROUPE_TEST_EXCHANGE_KEY", "dummy-tulip-42", 1) == 0);
  auto mission = three_tasks("My key is dummy-tulip-42.");
  mission.tasks.erase(mission.tasks.begin(), mission.tasks.begin() + 2);
  mission.tasks[0].needs.clear();
  const auto with_upstream = [&](runtime_config config,
                                 const std::string& url) {
    for (auto& one : config.providers)
      if (one.name == "openai") {
        one.base_url = url;
        one.api_key_env = "TROUPE_TEST_EXCHANGE_KEY";
        one.is_preset = false;
      }
    return config;
  };
  std::string url;
  {
    test::fake_upstream upstream;
    upstream.will(test::stream_reply(
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"dummy-\"}}]}"
        "\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":"
        "\"tulip-42 indeed\"},\"finish_reason\":\"stop\"}],\"usage\":"
        "{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}"
        "\n\ndata: [DONE]\n\n"));
    url = upstream.url("/v1");
    const auto first = run(with_upstream(it.recording(), url), mission);
    REQUIRE(first.state == run_state::done);
    CHECK_FALSE(first.simulated);
  }
  std::ifstream in{it.file};
  std::ostringstream text;
  text << in.rdbuf();
  CHECK(text.str().find("tulip") == std::string::npos);
  CHECK(text.str().find("My key is [redacted].") != std::string::npos);
  const auto again = run(with_upstream(it.replaying(), url), mission);
  CHECK(again.state == run_state::done);
  CHECK(again.tasks[0].output == "[redacted] indeed");
  CHECK(again.cost > protocol::money{});
  REQUIRE(unsetenv("TROUPE_TEST_EXCHANGE_KEY") == 0);
  mission.tasks[0].prompt = "My key is [redacted].";
  CHECK(run(with_upstream(it.replaying(), url), mission).state
        == run_state::done);
}

TEST_CASE("a recording that cannot be made or read starts nothing",
          "[exchanges]") {
  const office it;
  auto config = it.recording();
  config.exchanges.replay = "other";
  CHECK(runtime::create(config).error().code == errc::config_invalid);
  config = it.recording();
  config.exchanges.record = (it.folder.path() / "absent" / "x").string();
  CHECK(runtime::create(config).error().code == errc::file_unreadable);
  CHECK(runtime::create(it.replaying()).error().code == errc::file_unreadable);
  (void)it.folder.write("models.jsonl", "{}\n");
  CHECK(runtime::create(it.replaying()).error().code
        == errc::malformed_message);
}
