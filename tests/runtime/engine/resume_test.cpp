#include "journal/journal_file.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <troupe/actors/run_past.hpp>

#include <atomic>
#include <semaphore>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using protocol::run_state;

namespace {

protocol::mission two_tasks() {
  protocol::mission mission;
  mission.name = "two";
  for (const auto* name : {"first", "second"}) {
    auto& task = mission.tasks.emplace_back();
    task.id = name;
    task.agent = name;
    task.prompt = "Do it";
  }
  mission.tasks[1].needs = {"first"};
  return mission;
}

/// A process: a runtime whose second agent waits until it is let go or stopped.
struct process {
  explicit process(const std::string& journal, bool lets_go)
      : host(start(journal)) {
    protocol::agent_card card;
    card.name = "first";
    const auto one = host.add_agent(card, [this](const task_view&) {
      ++firsts;
      return protocol::result<std::string>{"found"};
    });
    REQUIRE(one.has_value());
    card.name = "second";
    const auto two = host.add_agent(
        card,
        [this, lets_go](const task_view& task) {
          begun.release();
          if (!lets_go) {
            std::binary_semaphore stopped{0};
            const std::stop_callback wake{task.stop, [&] {
                                            stopped.release();
                                          }};
            stopped.acquire();
          }
          return protocol::result<std::string>{
              "from " + std::string{task.input("first")}};
        },
        execution::blocking);
    REQUIRE(two.has_value());
  }

  static runtime start(const std::string& journal) {
    runtime_config config;
    config.threads = 2;
    config.journal = journal;
    auto made = runtime::create(config);
    REQUIRE(made.has_value());
    return std::move(*made);
  }

  std::atomic<int> firsts = 0;
  std::binary_semaphore begun{0};
  runtime host;
};

} // namespace

TEST_CASE("a run that its runtime was destroyed over goes on in the next",
          "[runtime][run_journal]") {
  const test::scratch_folder folder{"resume"};
  const auto journal = (folder.path() / "runs.db").string();
  protocol::id id;
  {
    process one{journal, false};
    auto run = one.host.start(two_tasks());
    REQUIRE(run.has_value());
    id = run->id();
    one.begun.acquire();
    CHECK(one.host.resume(id).error().code == errc::invalid_request);
  }
  process two{journal, true};
  CHECK(two.host.resume({1, 1}).error().code == errc::unknown_run);
  auto run = two.host.resume(id);
  REQUIRE(run.has_value());
  const auto report = run->wait();
  CHECK(report.run == id);
  CHECK(report.state == run_state::done);
  CHECK(report.resumed == 1);
  CHECK(report.tasks[1].output == "from found");
  CHECK(report.tasks[1].interrupted == 1);
  CHECK(two.firsts == 0);
  CHECK(two.host.resume(id).error().code == errc::unknown_run);
}

TEST_CASE("a run cannot go on without the agents that it needs",
          "[runtime][run_journal]") {
  const test::scratch_folder folder{"resume"};
  const auto journal = (folder.path() / "runs.db").string();
  protocol::id id;
  {
    process one{journal, false};
    auto run = one.host.start(two_tasks());
    REQUIRE(run.has_value());
    id = run->id();
    one.begun.acquire();
  }
  auto bare = process::start(journal);
  CHECK(bare.resume(id).error().code == errc::mission_invalid);
}

TEST_CASE("without a journal nothing is resumed", "[runtime][run_journal]") {
  runtime_config config;
  config.threads = 1;
  auto host = runtime::create(config);
  REQUIRE(host.has_value());
  CHECK(host->resume({1, 1}).error().code == errc::invalid_request);
}

TEST_CASE("a journal that is no journal, or is in use, is refused at the start",
          "[runtime][run_journal]") {
  const test::scratch_folder folder{"resume"};
  runtime_config config;
  config.threads = 1;
  config.journal = (folder.path() / "none" / "runs.db").string();
  CHECK(runtime::create(config).error().code == errc::file_unreadable);
  config.journal = (folder.path() / "runs.db").string();
  const auto first = runtime::create(config);
  REQUIRE(first.has_value());
  CHECK(runtime::create(config).error().code == errc::config_invalid);
}

TEST_CASE("R4: a run whose deadline is that of its attempts is decided again "
          "the same, by a clock that goes on meanwhile",
          "[runtime][run_journal]") {
  const test::scratch_folder folder{"replayed"};
  const auto file = (folder.path() / "runs.db").string();
  std::vector<protocol::id> runs;
  {
    process it{file, true};
    auto mission = two_tasks();
    mission.deadline = 1min;
    for (auto& task : mission.tasks)
      task.timeout = 1h;
    for (int i = 0; i < 5; ++i) {
      const auto report = it.host.run(mission);
      REQUIRE(report.has_value());
      runs.push_back(report->run);
    }
  }
  const auto journal = open_journal_file(file);
  REQUIRE(journal.has_value());
  for (const auto& run : runs) {
    const auto entries = (*journal)->read(run);
    REQUIRE(entries.has_value());
    CHECK(actors::replay_run(run, *entries).value() == 0);
  }
}
