// A runtime whose tree of actors ends by itself.
#include "engine/code_agents.hpp"
#include "support/catch.hpp"
#include "support/runtime/engine_parts.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <caf/all.hpp>

#include <atomic>
#include <semaphore>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::errc;
using protocol::run_state;

namespace {

/// A process with an agent that works until it is stopped or let go.
struct process {
  explicit process(const std::string& journal = {}) {
    runtime_config config;
    config.threads = 2;
    config.log.level = log_level::off;
    config.journal = journal;
    config.at_failure = [this](const protocol::error& why) {
      told = why;
      ++times_told;
      has_told.release();
    };
    auto made = engine::start(config);
    REQUIRE(made.has_value());
    it = std::move(*made);
    protocol::agent_card card;
    card.name = "slow";
    const auto added = it->add_code_agent(
        card, code_agent(card,
                         [this](const task_view& task) {
                           begun.release();
                           const std::stop_callback wake{task.stop, [this] {
                                                           go.release();
                                                         }};
                           go.acquire();
                           return protocol::result<std::string>{"done"};
                         },
                         execution::blocking, {}));
    REQUIRE(added.has_value());
  }

  mission_run start() {
    protocol::mission mission;
    mission.name = "one";
    auto& task = mission.tasks.emplace_back();
    task.id = "it";
    task.agent = "slow";
    task.prompt = "Do it";
    auto run = it->start_run(std::move(mission), {});
    REQUIRE(run.has_value());
    begun.acquire();
    return std::move(*run);
  }

  void kill_ledger() {
    test::kill(
        caf::actor_cast<caf::actor>(test::roles_of(*it).get(&roles::budget)));
  }

  bool waits_to_be_told() { return has_told.try_acquire_for(20s); }

  std::optional<protocol::error> told;
  std::atomic<int> times_told = 0;
  std::counting_semaphore<> begun{0};
  std::counting_semaphore<> go{0};
  std::counting_semaphore<> has_told{0};
  std::unique_ptr<engine> it;
};

} // namespace

TEST_CASE("without its ledger a runtime ends, tells its host, and says why",
          "[runtime][fallen]") {
  process one;
  auto run = one.start();
  CHECK_FALSE(one.it->faults().failure().has_value());
  one.kill_ledger();
  const auto report = run.wait();
  CHECK(report.state == run_state::failed);
  REQUIRE(report.failure.has_value());
  CHECK(report.failure->code == errc::runtime_ended);
  CHECK(report.failure->detail
        == "'budget-manager' has ended and cannot be started again");
  REQUIRE(one.waits_to_be_told());
  CHECK(one.told == report.failure);
  CHECK(one.it->faults().failure() == report.failure);
  CHECK(one.it->tree().error().code == errc::runtime_ended);
  CHECK(one.times_told == 1);
}

TEST_CASE("a kept run that its runtime fell under goes on in the next",
          "[runtime][fallen]") {
  const test::scratch_folder folder{"fallen"};
  const auto journal = (folder.path() / "runs.db").string();
  protocol::id id;
  {
    process one{journal};
    auto run = one.start();
    id = run.id();
    one.kill_ledger();
    const auto report = run.wait();
    CHECK(report.state == run_state::paused);
    REQUIRE(report.failure.has_value());
    CHECK(report.failure->code == errc::runtime_ended);
    REQUIRE(one.waits_to_be_told());
  }
  process next{journal};
  next.go.release();
  auto run = next.it->resume_run(id);
  REQUIRE(run.has_value());
  const auto report = run->wait();
  CHECK(report.state == run_state::done);
  CHECK(report.resumed == 1);
  // That it fell is no failure of the task.
  CHECK(report.tasks[0].attempts - report.tasks[0].interrupted == 1);
}

TEST_CASE("a part that ends too often brings the runtime down",
          "[runtime][fallen]") {
  process one;
  auto run = one.start();
  std::uint64_t last = 0;
  for (int i = 0; i < 4; ++i) {
    REQUIRE(test::eventually([&] {
      const auto tree = one.it->tree();
      if (!tree)
        return false;
      for (const auto& it : tree->children)
        if (it.name == "topic-hub" && it.incarnation > last
            && it.state == protocol::tree_state::running) {
          last = it.incarnation;
          return true;
        }
      return false;
    }));
    test::kill(caf::actor_cast<caf::actor>(
        test::roles_of(*one.it).get(&roles::topics)));
  }
  const auto report = run.wait();
  REQUIRE(report.failure.has_value());
  CHECK(report.failure->code == errc::runtime_ended);
  CHECK(report.failure->detail == "'topic-hub' ended too often");
  REQUIRE(one.waits_to_be_told());
}

TEST_CASE("a runtime that is destroyed has not failed", "[runtime][fallen]") {
  std::atomic<int> told = 0;
  {
    runtime_config config;
    config.log.level = log_level::off;
    config.at_failure = [&](const protocol::error&) {
      ++told;
    };
    const auto host = runtime::create(config);
    REQUIRE(host.has_value());
    CHECK_FALSE(host->failure().has_value());
  }
  CHECK(told == 0);
}
