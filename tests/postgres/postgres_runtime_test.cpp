// Runtimes whose journal is a database.
#include "journal/journal_file.hpp"
#include "store/store_drivers.hpp"
#include "support/postgres/postgres_place.hpp"
#include "troupe/runtime/runtime.hpp"

#include <semaphore>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using protocol::run_state;

namespace {

std::string url() {
  postgres::install();
  return "postgresql:///postgres?user=troupe&host="
         + test::postgres_server::shared().folder();
}

protocol::mission one_task() {
  protocol::mission mission;
  mission.name = "one";
  auto& task = mission.tasks.emplace_back();
  task.id = "t";
  task.agent = "ann";
  task.prompt = "Do it";
  return mission;
}

/// A process: its agent waits until it is stopped, unless it is let go.
struct process {
  explicit process(const std::string& journal, bool lets_go)
      : host(start(journal)) {
    protocol::agent_card card;
    card.name = "ann";
    const auto added = host.add_agent(
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
          return protocol::result<std::string>{"done"};
        },
        execution::blocking);
    REQUIRE(added.has_value());
  }

  static runtime start(const std::string& journal) {
    runtime_config config;
    config.threads = 2;
    config.journal = journal;
    auto made = runtime::create(config);
    if (!made)
      FAIL(made.error().detail);
    return std::move(*made);
  }

  std::counting_semaphore<> begun{0};
  runtime host;
};

} // namespace

TEST_CASE("a run in a database goes on in another process, not in two",
          "[run_journal]") {
  const auto journal = url();
  process two{journal, true};
  protocol::id id;
  {
    process one{journal, false};
    auto run = one.host.start(one_task());
    REQUIRE(run.has_value());
    id = run->id();
    one.begun.acquire();
    const auto refused = two.host.resume(id);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::unknown_run);
    CHECK(refused.error().detail.find("another process") != std::string::npos);
  }
  auto run = two.host.resume(id);
  REQUIRE(run.has_value());
  const auto report = run->wait();
  CHECK(report.state == run_state::done);
  CHECK(report.resumed == 1);
  CHECK(report.tasks[0].output == "done");
  CHECK(two.host.resume(id).error().code == errc::unknown_run);
  const auto kept = open_journal_file(journal);
  REQUIRE(kept.has_value());
  CHECK((*kept)->verify().value().problems.empty());
  CHECK((*kept)->orphans().value().empty());
}

TEST_CASE("what a run has cost in another process is taken off its budget",
          "[run_journal]") {
  const protocol::money budget{500'000'000};
  auto mission = one_task();
  mission.name = "paid";
  mission.budget = budget;
  mission.agents.emplace_back().card.name = "writer";
  auto& written = mission.tasks.emplace_back();
  written.id = "w";
  written.agent = "writer";
  written.prompt = "Write";
  mission.tasks[0].needs = {"w"};
  const auto journal = url();
  process two{journal, true};
  protocol::id id;
  {
    process one{journal, false};
    auto run = one.host.start(mission);
    REQUIRE(run.has_value());
    id = run->id();
    one.begun.acquire();
  }
  const auto kept = open_journal_file(journal);
  REQUIRE(kept.has_value());
  const auto cost = (*kept)->runs(1).value().at(0).cost;
  REQUIRE(cost > protocol::money{});
  auto run = two.host.resume(id);
  REQUIRE(run.has_value());
  CHECK(run->wait().state == run_state::done);
  int limited = 0;
  for (const auto& it : two.host.accounts().value().accounts)
    limited += it.limit == budget - cost ? 1 : 0;
  CHECK(limited == 1);
}

TEST_CASE("a run outlives a server that is killed under it", "[run_journal]") {
  process it{url(), false};
  auto run = it.host.start(one_task());
  REQUIRE(run.has_value());
  it.begun.acquire();
  auto& server = test::postgres_server::shared();
  server.kill();
  server.start();
  run->cancel("enough");
  const auto report = run->wait();
  CHECK(report.state == run_state::cancelled);
  const auto kept = open_journal_file(url());
  REQUIRE(kept.has_value());
  CHECK((*kept)->verify().value().problems.empty());
}

TEST_CASE("a URL that nothing opens says what is missing, and no password",
          "[run_journal]") {
  runtime_config config;
  config.threads = 1;
  config.journal = "mysql://ann:c4n4ry@host/db?password=c4n4ry";
  const auto made = runtime::create(config);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == errc::config_invalid);
  CHECK(made.error().detail
        == "this program cannot open mysql://host/db: nothing is known of "
           "'mysql'");
  CHECK(store::printable_place("postgres://a:b@/c@d/x#y") == "postgres://d/x");
  CHECK(store::printable_place("runs.db") == "runs.db");
  CHECK_FALSE(store::is_url("C:/x"));
  CHECK_FALSE(store::is_url("/a://b"));
}
