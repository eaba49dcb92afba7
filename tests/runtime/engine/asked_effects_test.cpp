#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <atomic>
#include <semaphore>

using namespace troupe;
using protocol::event_kind;
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
  task.attempts_max = 1;
  task.retries.unknown_effects = protocol::unknown_effect::ask;
  return mission;
}

/// A process whose tool `send` answers, or waits until it is stopped.
struct process {
  process(const std::string& journal, bool answers) : host(start(journal)) {
    const auto added = host.add_tool(
        {"send", "Sends a mail", R"({"type":"object","properties":{}})"},
        [this, answers](const tool_view& it) {
          ++sends;
          begun.release();
          if (!answers) {
            std::binary_semaphore stopped{0};
            const std::stop_callback wake{it.stop, [&] {
                                            stopped.release();
                                          }};
            stopped.acquire();
          }
          return protocol::result<std::string>{"sent"};
        });
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

  std::atomic<int> sends = 0;
  std::counting_semaphore<> begun{0};
  runtime host;
};

/// The note of the question that the run asks.
std::string question_of(mission_run& run) {
  while (auto event = run.next_event(std::chrono::seconds{30}))
    if (event->kind == event_kind::approval_asked)
      return event->note;
  return {};
}

} // namespace

TEST_CASE("whoever is asked of a tool's call that nobody knows says whether it "
          "is made again",
          "[runtime][effects]") {
  const test::scratch_folder folder{"asked"};
  const test::scratch_folder left{"asked-left"};
  protocol::id id;
  {
    process one{(folder.path() / "runs.db").string(), false};
    const auto run = one.host.start(mail());
    REQUIRE(run.has_value());
    id = run->id();
    one.begun.acquire();
    // As kill -9 at this moment would leave them.
    std::filesystem::copy(folder.path(), left.path());
  }
  process two{(left.path() / "runs.db").string(), true};
  auto run = two.host.resume(id);
  REQUIRE(run.has_value());
  const auto question = question_of(*run);
  CHECK(question.find("Has it happened? tool 'send'") != std::string::npos);
  const bool has_happened = GENERATE(true, false);
  REQUIRE(run->decide("mail", has_happened, "ada", "sent as 7").has_value());
  const auto report = run->wait();
  CHECK(report.state == run_state::done);
  CHECK(two.sends == (has_happened ? 0 : 1));
  CHECK(report.tasks[0].model_calls == 2); // it goes on where it was
  CHECK(report.tasks[0].decided.find("ada") != std::string::npos);
}
