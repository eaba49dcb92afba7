// S11: what an agent does to its process it does to no other.
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/runtime/isolated_agent.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/scratch_folder.hpp"
#include "tools/memory_group.hpp"
#include "troupe/runtime/runtime.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using protocol::event_kind;
using protocol::run_state;
using protocol::task_state;

namespace {

struct isolated {
  explicit isolated(
      const agent_process_options& options = test::isolated_agent(),
      const std::string& journal = {})
      : host(start(journal)) {
    REQUIRE(host.add_agent(card("pilot"), options).has_value());
    REQUIRE(host.add_agent(card("helper"),
                           [](const task_view& it) {
                             return protocol::result<std::string>{
                                 "helped: " + it.task.prompt};
                           })
                .has_value());
    REQUIRE(host.add_tool({"double", "Doubles", R"({"type":"object"})"},
                          [](const tool_view& it) {
                            return protocol::result<std::string>{
                                std::string{it.arguments}
                                + std::string{it.arguments}};
                          })
                .has_value());
  }

  static protocol::agent_card card(const std::string& name) {
    protocol::agent_card it;
    it.name = name;
    return it;
  }

  static runtime start(const std::string& journal) {
    runtime_config config;
    config.threads = 2;
    config.journal = journal;
    auto made = runtime::create(config);
    REQUIRE(made.has_value());
    return std::move(*made);
  }

  static protocol::mission asking(const std::vector<std::string>& prompts) {
    protocol::mission it;
    it.name = "fly";
    for (const auto& prompt : prompts) {
      auto& task = it.tasks.emplace_back();
      task.id = "t" + std::to_string(it.tasks.size());
      task.agent = "pilot";
      task.prompt = prompt;
      task.retries.pause = 1ms;
    }
    return it;
  }

  protocol::run_report run(const std::vector<std::string>& prompts) {
    auto report = host.run(asking(prompts));
    REQUIRE(report.has_value());
    return std::move(*report);
  }

  protocol::task_record one(const std::string& prompt) {
    return run({prompt}).tasks.front();
  }

  runtime host;
};

bool has(const std::optional<protocol::error>& why, errc code,
         const std::string& text) {
  return why && why->code == code
         && why->detail.find(text) != std::string::npos;
}

} // namespace

TEST_CASE("an agent in a process of its own does one task after the other "
          "there",
          "[isolation]") {
  isolated it;
  const auto first = it.one("pid");
  REQUIRE(first.state == task_state::done);
  CHECK(first.output != std::to_string(::getpid()));
  CHECK(it.one("pid").output == first.output);
  CHECK(it.one("say a lot").output == "a lot");
  CHECK(it.one("print to nobody").output == "to nobody");
}

TEST_CASE("an agent in a process of its own asks, uses tools and has effects "
          "as any other",
          "[isolation]") {
  const test::scratch_folder folder{"isolated"};
  isolated it{test::isolated_agent(), (folder.path() / "runs.db").string()};
  CHECK(it.one("ask how").output == "helped: how");
  CHECK(it.one(R"(tool {"n":2})").output == R"({"n":2}{"n":2})");
  const auto file = (folder.path() / "effects").string();
  CHECK(it.one("effect " + file).output == "written");
  CHECK(test::file_text(file).size() == 65); // a key and an end of line
  CHECK(has(it.one("throw").failure, errc::agent_failed, "no luck"));
}

TEST_CASE("S11: an agent whose process dies is seen, and its task is done by "
          "the next process",
          "[isolation]") {
  const test::scratch_folder folder{"isolated"};
  isolated it;
  const auto before = it.one("pid").output;
  const auto record = it.one("die-once " + (folder.path() / "x").string());
  CHECK(record.state == task_state::done);
  CHECK(record.attempts == 2);
  CHECK(it.one("pid").output != before);
}

TEST_CASE("S11: a task that always kills its process fails alone, and says how",
          "[isolation]") {
  isolated it;
  const auto how =
      GENERATE(as<std::pair<std::string, std::string>>{},
               std::pair{"segfault", "SIGSEGV"}, std::pair{"abort", "SIGABRT"},
               std::pair{"kill", "SIGKILL"});
  // Those behind it in the agent's line lose no attempt by it.
  auto mission = it.asking({"die " + how.first, "say one", "say two"});
  auto run = it.host.start(mission);
  REQUIRE(run.has_value());
  const auto report = run->wait();
  CHECK(report.state == run_state::failed);
  CHECK(has(report.tasks[0].failure, errc::quarantined, how.second));
  CHECK(report.tasks[0].attempts == 3);
  for (const auto i : {1U, 2U}) {
    CHECK(report.tasks[i].state == task_state::done);
    CHECK(report.tasks[i].attempts == 1);
  }
}

TEST_CASE("S11: a process that uses more memory than it may is ended by the "
          "kernel, or the agent is refused where no group can be made") {
  auto options = test::isolated_agent();
  options.resident_max = 256ULL << 20U;
  const auto group = tools::make_memory_group(options.resident_max);
  if (!group) {
    isolated it;
    const auto added = it.host.add_agent(isolated::card("other"), options);
    REQUIRE_FALSE(added.has_value());
    CHECK(added.error().code == errc::invalid_request);
    CHECK(added.error().detail.find("control group") != std::string::npos);
    return;
  }
  CHECK(::rmdir(group->folder.c_str()) == 0);
  const auto parent = std::filesystem::path{group->folder}.parent_path();
  {
    isolated it{options};
    const auto greedy = it.one("memory");
    CHECK(greedy.state == task_state::failed);
    REQUIRE(greedy.failure);
    CHECK(greedy.failure->detail.find("resident_max") != std::string::npos);
    CHECK(it.one("print well").state == task_state::done);
  }
  const auto own = "troupe-" + std::to_string(::getpid()) + "-";
  CHECK(test::eventually([&] {
    for (const auto& left : std::filesystem::directory_iterator{parent})
      if (left.path().filename().string().starts_with(own))
        return false;
    return true;
  }));
}

TEST_CASE("S11: a process that gives no sign is ended and made anew",
          "[isolation]") {
  auto options = test::isolated_agent();
  options.silence_max = 1s;
  isolated it{options};
  auto mission = isolated::asking({"freeze", "say on"});
  mission.tasks[0].attempts_max = 1;
  const auto report = it.host.run(mission);
  REQUIRE(report.has_value());
  CHECK(has(report->tasks[0].failure, errc::unreachable, "no sign for 1.0 s"));
  CHECK(report->tasks[1].output == "on");
}

TEST_CASE("R5: code that does not heed a cancel is ended with its process",
          "[isolation]") {
  auto options = test::isolated_agent();
  options.stop_max = 20ms;
  isolated it{options};
  const auto before = it.one("pid").output;
  const bool heeds = GENERATE(true, false);
  auto mission = isolated::asking({heeds ? "wait" : "spin"});
  mission.tasks[0].timeout = 300ms;
  mission.tasks[0].attempts_max = 1;
  const auto report = it.host.run(mission);
  REQUIRE(report.has_value());
  CHECK(has(report->tasks[0].failure, errc::deadline_exceeded, ""));
  CHECK((it.one("pid").output == before) == heeds);
}

TEST_CASE("an effect during which the process died is known to nobody",
          "[isolation]") {
  const test::scratch_folder folder{"isolated"};
  isolated it{test::isolated_agent(), (folder.path() / "runs.db").string()};
  const auto file = (folder.path() / "effects").string();
  const auto record = it.one("effect-die " + file);
  CHECK(has(record.failure, errc::effect_unknown, "write"));
  CHECK(test::file_text(file) == "x\n"); // once
}

TEST_CASE("a program that hosts no agents, another one, or none at all is told",
          "[isolation]") {
  auto options = test::isolated_agent();
  options.command = {"/nowhere/at-all"};
  auto host = isolated::start({});
  CHECK(host.add_agent(isolated::card("pilot"), options).error().code
        == errc::invalid_request);
  options = test::isolated_agent();
  options.stop_max = 0ms;
  CHECK(host.add_agent(isolated::card("pilot"), options).error().code
        == errc::invalid_request);
  const auto how = GENERATE(
      as<std::pair<std::string, std::string>>{},
      std::pair{"exit 7", "has ended with code 7"},
      std::pair{"echo hello there, runtime", "says what nobody understands"},
      std::pair{"sleep 1000", "no sign"});
  options = test::isolated_agent();
  options.command = {"/bin/sh", "-c", how.first};
  options.start_max = 500ms;
  isolated it{options};
  auto mission = isolated::asking({"say x"});
  mission.tasks[0].attempts_max = 1;
  const auto report = it.host.run(mission);
  REQUIRE(report.has_value());
  CHECK(has(report->tasks[0].failure, errc::unreachable, how.second));
}

TEST_CASE("a program is told that it does not host the agent it is to serve",
          "[isolation]") {
  isolated it;
  REQUIRE(it.host.add_agent(isolated::card("other"), test::isolated_agent())
              .has_value());
  auto mission = isolated::asking({"say x"});
  mission.tasks[0].agent = "other";
  mission.tasks[0].attempts_max = 1;
  const auto report = it.host.run(mission);
  REQUIRE(report.has_value());
  CHECK(has(report->tasks[0].failure, errc::unreachable, "hosts no agent"));
}

TEST_CASE("an agent whose processes die too often fails, and its supervisor "
          "starts it again",
          "[isolation]") {
  auto options = test::isolated_agent();
  options.restarts_max = 1;
  isolated it{options};
  CHECK(it.one("die segfault").state == task_state::failed);
  CHECK(it.one("say on").output == "on");
}
