// An agent in a process of its own: whatever its code does, the rest goes on.
#include <troupe/protocol/errc.hpp>
#include <troupe/runtime/runtime.hpp>

#include <cstdlib>
#include <iostream>

namespace {

/// Code that one had better not have in one's own process.
troupe::protocol::result<std::string> fly(const troupe::task_view& task) {
  if (task.task.attempt == 1)
    std::abort();
  return "landed, at attempt " + std::to_string(task.task.attempt);
}

int fail(const troupe::protocol::error& why) {
  std::cerr << to_string(why.code) << ": " << why.detail << '\n';
  return 1;
}

} // namespace

int main() {
  // The runtime starts this program again, for its agent.
  if (const auto code = troupe::serve_agents({{"pilot", fly}}))
    return *code;

  auto runtime = troupe::runtime::create();
  if (!runtime)
    return fail(runtime.error());
  troupe::protocol::agent_card pilot;
  pilot.name = "pilot";
  if (auto added = runtime->add_agent(pilot, troupe::agent_process_options{});
      !added)
    return fail(added.error());

  troupe::protocol::mission mission;
  mission.name = "flight";
  auto& task = mission.tasks.emplace_back();
  task.id = "fly";
  task.agent = "pilot";
  task.prompt = "Fly.";
  const auto report = runtime->run(mission);
  if (!report)
    return fail(report.error());
  std::cout << report->tasks.front().output << '\n';
  return report->state == troupe::protocol::run_state::done ? 0 : 1;
}
