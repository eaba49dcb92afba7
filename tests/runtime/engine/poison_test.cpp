// Messages that crash whoever works on them.
#include "journal/journal_file.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <troupe/actors/run_past.hpp>

#include <atomic>

using namespace troupe;
using protocol::errc;
using protocol::run_state;

namespace {

/// A runtime with two agents that throw over `poison`.
struct world {
  explicit world(execution where = execution::inline_,
                 const std::string& journal = {})
      : host(start(journal)) {
    for (const auto* name : {"ann", "bob"}) {
      protocol::agent_card card;
      card.name = name;
      const auto added = host.add_agent(
          card,
          [this](const task_view& task) -> protocol::result<std::string> {
            ++calls;
            if (task.task.prompt.find("poison") != std::string::npos)
              throw std::runtime_error{"boom"};
            return std::string{"fine"};
          },
          where);
      REQUIRE(added.has_value());
    }
  }

  static runtime start(const std::string& journal) {
    runtime_config config;
    config.threads = 2;
    config.log.level = log_level::off;
    config.journal = journal;
    auto made = runtime::create(config);
    REQUIRE(made.has_value());
    return std::move(*made);
  }

  protocol::run_report run(const std::string& agent, const std::string& prompt,
                           std::uint32_t attempts = 1) {
    protocol::mission mission;
    mission.name = "one";
    auto& task = mission.tasks.emplace_back();
    task.id = "it";
    task.agent = agent;
    task.prompt = prompt;
    task.attempts_max = attempts;
    auto report = host.run(std::move(mission));
    REQUIRE(report.has_value());
    return std::move(*report);
  }

  std::atomic<int> calls = 0;
  runtime host;
};

} // namespace

TEST_CASE("a message that crashes agents is given to none any more",
          "[runtime][poison]") {
  const auto where = GENERATE(execution::inline_, execution::blocking);
  world it{where};
  const auto first = it.run("ann", "poison", 2);
  CHECK(first.tasks[0].failure->code == errc::agent_failed);
  CHECK(it.host.quarantine().empty());
  // Whoever is asked, and in whichever run, it is the same message.
  const auto second = it.run("bob", "poison", 5);
  CHECK(second.tasks[0].failure->code == errc::quarantined);
  CHECK(it.calls == 3);
  const auto third = it.run("ann", "poison", 5);
  CHECK(third.tasks[0].failure->code == errc::quarantined);
  CHECK(third.tasks[0].attempts == 1);
  CHECK(it.calls == 3);
  CHECK(it.run("ann", "other").state == run_state::done);
  const auto held = it.host.quarantine();
  REQUIRE(held.size() == 1);
  CHECK(held[0].prompt == "poison");
  CHECK(held[0].count == 3);
  CHECK(held[0].refused >= 1);
  REQUIRE(held[0].crashes.size() == 3);
  CHECK(held[0].crashes[2].agent == "bob");
  CHECK(held[0].crashes[2].why == "exception: boom");
}

TEST_CASE("a message that was released is given to agents again",
          "[runtime][poison]") {
  world it;
  CHECK(it.run("ann", "poison", 3).tasks[0].failure->code == errc::quarantined);
  CHECK(it.calls == 3);
  CHECK(it.host.release(it.host.quarantine().at(0).digest));
  CHECK(it.host.quarantine().empty());
  CHECK(it.run("ann", "poison").tasks[0].failure->code == errc::agent_failed);
  CHECK(it.calls == 4);
}

TEST_CASE("an error that an agent answers is no crash", "[runtime][poison]") {
  world it;
  protocol::agent_card card;
  card.name = "cautious";
  REQUIRE(
      it.host
          .add_agent(card,
                     [&](const task_view&) -> protocol::result<std::string> {
                       ++it.calls;
                       return protocol::fail(errc::agent_failed, "no");
                     })
          .has_value());
  CHECK(it.run("cautious", "hard", 6).tasks[0].failure->code
        == errc::agent_failed);
  CHECK(it.calls == 6);
  CHECK(it.host.quarantine().empty());
}

TEST_CASE("a kept run has the message that crashed its agents, and replays",
          "[runtime][poison][run_journal]") {
  const test::scratch_folder folder{"poison"};
  const auto file = (folder.path() / "runs.db").string();
  protocol::id run;
  {
    world it{execution::inline_, file};
    const auto report = it.run("ann", "poison with sk-0123456789abcdefghij", 4);
    CHECK(report.tasks[0].failure->code == errc::quarantined);
    CHECK(report.tasks[0].attempts == 3);
    run = report.run;
  }
  const auto journal = open_journal_file(file);
  REQUIRE(journal.has_value());
  const auto entries = (*journal)->read(run);
  REQUIRE(entries.has_value());
  const protocol::task_quarantined* kept = nullptr;
  for (const auto& it : *entries)
    if (const auto* found = std::get_if<protocol::task_quarantined>(&it.what))
      kept = found;
  REQUIRE(kept != nullptr);
  CHECK(kept->attempt == 3);
  CHECK(kept->kept.count == 3);
  CHECK(kept->kept.prompt == "poison with [redacted]");
  CHECK(actors::replay_run(run, *entries).value() == 0);
  CHECK(actors::read_past(run, *entries).value().report.tasks[0].failure->code
        == errc::quarantined);
}
