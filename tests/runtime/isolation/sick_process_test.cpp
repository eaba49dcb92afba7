// Agents in processes of their own that do badly: they are looked after as any.
#include "support/catch.hpp"
#include "support/runtime/isolated_agent.hpp"
#include "troupe/runtime/runtime.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace troupe;

namespace {

constexpr auto patience = 20s;

/// `pilot` has a process, `second` has its skill too and is asked behind it.
struct crew {
  crew() {
    runtime_config config;
    config.threads = 2;
    config.log.level = log_level::off;
    auto made = runtime::create(config);
    REQUIRE(made.has_value());
    host.emplace(std::move(*made));
    protocol::agent_card card;
    card.name = "pilot";
    card.skills = {"fly"};
    REQUIRE(host->add_agent(card, test::isolated_agent()).has_value());
    card.name = "second";
    REQUIRE(host->add_agent(card,
                            [](const task_view&) {
                              return protocol::result<std::string>{"flown"};
                            })
                .has_value());
  }

  protocol::run_report run(const std::vector<std::string>& prompts,
                           const std::string& agent = {}) {
    protocol::mission it;
    it.name = "fly";
    for (const auto& prompt : prompts) {
      auto& task = it.tasks.emplace_back();
      task.id = "t" + std::to_string(it.tasks.size());
      task.agent = agent;
      task.skill = agent.empty() ? "fly" : "";
      task.prompt = prompt;
      task.attempts_max = 1;
      task.may_fail = true;
    }
    auto report = host->run(it);
    REQUIRE(report.has_value());
    return std::move(*report);
  }

  std::string pid() { return run({"pid"}, "pilot").tasks[0].output; }

  std::optional<runtime> host;
};

} // namespace

TEST_CASE("a sick agent gets a new process, and the next by skill its tasks",
          "[isolation][health]") {
  crew it;
  const auto before = it.pid();
  auto feed = it.host->follow("health.");
  REQUIRE(feed.has_value());
  std::vector<std::string> prompts;
  for (int i = 0; i < 16; ++i)
    prompts.push_back("throw " + std::to_string(i));
  (void)it.run(prompts);
  for (const std::string step : {"drained", "restarted", "probation"}) {
    const auto item = feed->next(patience);
    REQUIRE(item.has_value());
    const auto& told = std::get<protocol::topic_message>(*item);
    CHECK(told.topic == "health." + step);
    CHECK(told.content.find("pilot") != std::string::npos);
  }
  const auto now = it.host->health();
  REQUIRE(now.has_value());
  REQUIRE(now->agents.size() == 1);
  CHECK(now->agents[0].agent == "pilot");
  const auto after = it.pid();
  CHECK_FALSE(after.empty());
  CHECK(after != before);
  const auto more = it.run({"fly on"});
  CHECK(more.tasks[0].state == protocol::task_state::done);
}
