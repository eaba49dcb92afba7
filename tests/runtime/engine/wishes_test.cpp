#include "journal/journal_file.hpp"
#include "journal/wish_file.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <algorithm>
#include <semaphore>
#include <unistd.h>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::run_state;

namespace {

/// A process with a run whose task waits until it is stopped.
struct live_process {
  explicit live_process(std::string file) : journal(std::move(file)) {
    runtime_config config;
    config.threads = 2;
    config.journal = journal;
    config.log.level = log_level::off;
    auto made = runtime::create(config);
    REQUIRE(made.has_value());
    host.emplace(std::move(*made));
    const auto added = host->add_agent(
        {.name = "ann"},
        [this](const task_view& it) -> protocol::result<std::string> {
          begun.release();
          std::binary_semaphore stopped{0};
          const std::stop_callback wake{it.stop, [&] {
                                          stopped.release();
                                        }};
          if (waits)
            stopped.acquire();
          return "done";
        },
        execution::blocking);
    REQUIRE(added.has_value());
  }

  mission_run begin() {
    protocol::mission mission;
    mission.name = "wait";
    mission.tasks.push_back({.id = "t", .agent = "ann", .prompt = "Wait."});
    auto run = host->start(mission);
    REQUIRE(run.has_value());
    begun.acquire();
    return *run;
  }

  std::string journal;
  std::counting_semaphore<> begun{0};
  bool waits = true;
  std::optional<runtime> host;
};

/// As a command of another process would; returns its number.
std::int64_t wish(wish_file& to, protocol::id run, wish_kind kind) {
  const auto now = std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
  const auto number = to.add({0, run, kind, "as ada wishes", now + 1h});
  REQUIRE(number.has_value());
  return *number;
}

std::unique_ptr<wish_file> wishes_of(const live_process& it) {
  auto file = wish_file::open(it.journal, false);
  REQUIRE(file.has_value());
  return std::move(*file);
}

} // namespace

TEST_CASE("Q6: a run is cancelled as another process wishes while it is worked "
          "on; that process is told, and the journal says who",
          "[runtime][wishes]") {
  const test::scratch_folder folder{"wishes"};
  live_process it{(folder.path() / "runs.db").string()};
  auto run = it.begin();
  const auto wishes = wishes_of(it);
  const auto live = wishes->live();
  REQUIRE(live.has_value());
  REQUIRE(live->size() == 1);
  CHECK(live->front().run == run.id());
  CHECK(live->front().process == ::getpid());
  const auto other =
      wish(*wishes, {7, 7}, wish_kind::cancel); // none of its own
  const auto number = wish(*wishes, run.id(), wish_kind::cancel);
  const auto report = run.wait();
  CHECK(report.state == run_state::cancelled);
  REQUIRE(report.failure.has_value());
  CHECK(report.failure->detail == "as ada wishes");
  it.host.reset(); // it tells at the latest when it ends
  CHECK(wishes->answer(number).value()->state == "cancelled");
  CHECK_FALSE(wishes->answer(other).value()->is_taken);
  CHECK(wishes->live()->empty());
  const auto journal = open_journal_file(it.journal);
  REQUIRE(journal.has_value());
  const auto entries = (*journal)->read(run.id());
  REQUIRE(entries.has_value());
  CHECK(std::ranges::count_if(
            *entries,
            [](const auto& entry) {
              const auto* found =
                  std::get_if<protocol::run_cancelled>(&entry.what);
              return found != nullptr && found->why.detail == "as ada wishes";
            })
        == 1);
}

TEST_CASE("a run is left to its journal as another process wishes, and is "
          "gone on with",
          "[runtime][wishes]") {
  const test::scratch_folder folder{"wishes"};
  live_process it{(folder.path() / "runs.db").string()};
  auto run = it.begin();
  const auto wishes = wishes_of(it);
  const auto number = wish(*wishes, run.id(), wish_kind::pause);
  CHECK(run.wait().state == run_state::paused);
  it.waits = false;
  auto again = it.host->resume(run.id());
  REQUIRE(again.has_value());
  CHECK(again->wait().state == run_state::done);
  it.host.reset();
  CHECK(wishes->answer(number).value()->state == "paused");
}

TEST_CASE("a run of which nothing can be wished goes on without",
          "[runtime][wishes]") {
  const test::scratch_folder folder{"wishes"};
  const auto file = (folder.path() / "runs.db").string();
  std::filesystem::create_directory(file + "-wishes");
  live_process it{file};
  it.waits = false;
  CHECK(it.begin().wait().state == run_state::done);
}
