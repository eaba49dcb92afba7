// Runs a mission that is kept in a journal, ends the budget manager under it as
// a fault would, and ends with the code that the command would end with.
#include "cli/exit_code.hpp"
#include "support/runtime/engine_parts.hpp"

#include <caf/all.hpp>

#include <cstdio>

using namespace troupe;

namespace {

protocol::mission slow_mission() {
  protocol::mission mission;
  mission.name = "slow";
  auto& writer = mission.agents.emplace_back();
  writer.card.name = "writer";
  for (const auto* id : {"first", "second"}) {
    auto& task = mission.tasks.emplace_back();
    task.id = id;
    task.agent = "writer";
    task.prompt = "Write about the sea.";
  }
  mission.tasks[1].needs = {"first"};
  return mission;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2)
    return cli::exit_bad_input;
  runtime_config config;
  config.journal = argv[1];
  config.log.level = log_level::off;
  config.at_failure = [](const protocol::error& why) {
    std::printf("told: %s\n", why.detail.c_str());
    std::fflush(stdout);
  };
  auto made = engine::start(std::move(config));
  if (!made)
    return cli::exit_code_for(made.error().code);
  auto run = (*made)->start_run(slow_mission(), {});
  if (!run)
    return cli::exit_code_for(run.error().code);
  while (const auto event = run->next_event(std::chrono::seconds{20}))
    if (event->kind == protocol::event_kind::task_started)
      break;
  test::kill(
      caf::actor_cast<caf::actor>(test::roles_of(**made).get(&roles::budget)));
  const auto report = run->wait();
  const auto again = (*made)->resume_run(report.run);
  std::printf("%s %s\n", to_string(report.run).c_str(),
              std::string(protocol::enum_name(report.state)).c_str());
  return again ? cli::exit_failed : cli::exit_code_for(report);
}
