#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <semaphore>

using namespace troupe;
using protocol::errc;
using protocol::run_state;

namespace {

protocol::mission mail() {
  protocol::mission mission;
  mission.name = "mail";
  protocol::agent_spec ann;
  ann.card.name = "ann";
  ann.tools = {"send"};
  mission.agents.push_back(ann);
  auto& task = mission.tasks.emplace_back();
  task.id = "mail";
  task.agent = "ann";
  task.prompt = R"(Use tool:send {"to":"bob"} and say that it is done.)";
  return mission;
}

/// A process whose tool answers, or waits until it is stopped.
struct process {
  process(const std::string& journal, bool answers, bool is_idempotent)
      : host(start(journal)) {
    const auto added = host.add_tool(
        {"send", "Sends a mail", R"({"type":"object","properties":{}})"},
        [this, answers](const tool_view& it) {
          keys.emplace_back(it.key);
          begun.release();
          if (!answers) {
            std::binary_semaphore stopped{0};
            const std::stop_callback wake{it.stop, [&] {
                                            stopped.release();
                                          }};
            stopped.acquire();
          }
          return protocol::result<std::string>{"sent"};
        },
        {is_idempotent});
    REQUIRE(added.has_value());
  }

  static runtime start(const std::string& journal) {
    runtime_config config;
    config.threads = 2;
    config.journal = journal;
    config.simulated.latency_scale_permille = 0;
    auto made = runtime::create(config);
    REQUIRE(made.has_value());
    return std::move(*made);
  }

  std::vector<std::string> keys; ///< Of the tool's calls, one at a time.
  std::counting_semaphore<> begun{0};
  runtime host;
};

/// What comes of a run whose process ended while its tool was at work.
protocol::run_report go_on(bool is_idempotent, std::vector<std::string>& keys) {
  const test::scratch_folder folder{"effects"};
  const test::scratch_folder left{"effects-left"};
  protocol::id id;
  {
    process one{(folder.path() / "runs.db").string(), false, is_idempotent};
    const auto run = one.host.start(mail());
    REQUIRE(run.has_value());
    id = run->id();
    one.begun.acquire();
    keys = one.keys;
    // As kill -9 at this moment would leave them.
    std::filesystem::copy(folder.path(), left.path());
  }
  process two{(left.path() / "runs.db").string(), true, is_idempotent};
  auto run = two.host.resume(id);
  REQUIRE(run.has_value());
  auto report = run->wait();
  keys.insert(keys.end(), two.keys.begin(), two.keys.end());
  return report;
}

} // namespace

TEST_CASE("a tool that was at work when its process ended is not called again",
          "[runtime][effects]") {
  std::vector<std::string> keys;
  const auto report = go_on(false, keys);
  CHECK(report.state == run_state::failed);
  REQUIRE(report.tasks[0].failure.has_value());
  CHECK(report.tasks[0].failure->code == errc::effect_unknown);
  CHECK(keys.size() == 1);
}

TEST_CASE("an idempotent tool is called again with the same key",
          "[runtime][effects]") {
  std::vector<std::string> keys;
  const auto report = go_on(true, keys);
  CHECK(report.state == run_state::done);
  REQUIRE(keys.size() == 2);
  CHECK(keys[0] == keys[1]);
  CHECK(keys[0].size() == 64);
}
