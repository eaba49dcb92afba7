// What does a mission cost that is run again after one of its inputs changed?
//
// 200 inputs, each read by a task of 20 ms, joined by one. Run whole, run again
// unchanged, and run again with one input changed: the share of tasks that were
// not done again, the time beside that of the whole run, and what reading the
// journal for earlier results takes.
#include "measure.hpp"

#include <troupe/runtime/runtime.hpp>

#include <cstdio>
#include <filesystem>
#include <semaphore>
#include <unistd.h>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;

constexpr std::chrono::milliseconds task_time{20};

protocol::mission readers(std::size_t count) {
  protocol::mission it;
  it.name = "readers";
  it.concurrency = 20;
  std::vector<std::string> all;
  for (std::size_t i = 0; i < count; ++i) {
    const auto name = "page" + std::to_string(i);
    it.inputs.push_back({name, "What page " + name + " says."});
    auto& task = it.tasks.emplace_back();
    task.id = "read-" + name;
    task.skill = "reading";
    task.inputs = {name};
    task.prompt = "Read it.";
    all.push_back(task.id);
  }
  auto& last = it.tasks.emplace_back();
  last.id = "join";
  last.skill = "reading";
  last.needs = all;
  last.prompt = "Join.";
  return it;
}

/// Agents that take their time, as models do.
troupe::runtime host_with(const std::string& journal) {
  troupe::runtime_config config;
  config.journal = journal;
  auto made = troupe::runtime::create(std::move(config));
  if (!made)
    wrong(made.error().detail);
  const auto added = made->add_agent(
      {.name = "reader", .skills = {"reading"}},
      [](const troupe::task_view& task) -> protocol::result<std::string> {
        std::binary_semaphore nobody{0}; // a model takes its time
        (void)nobody.try_acquire_for(task_time);
        std::string text = "Read:";
        for (const auto& input : task.task.inputs)
          text += " " + input.text.substr(0, 40);
        return text;
      },
      troupe::execution::blocking);
  if (!added)
    wrong(added.error().detail);
  return std::move(*made);
}

struct outcome {
  double seconds = 0;
  std::uint32_t reused = 0;
};

outcome run(troupe::runtime& host, const protocol::mission& mission,
            bool reuses) {
  auto copy = mission;
  copy.reuse.is_on = reuses;
  const auto begin = seconds_now();
  const auto report = host.run(std::move(copy));
  outcome it{seconds_now() - begin, 0};
  if (!report || report->state != protocol::run_state::done)
    wrong("a run has failed");
  it.reused = report->reused;
  return it;
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What does a mission cost that is run again after one input changed? "
      "Some seconds; writes files in the current folder.",
      {{"rounds", 5, "runs that each figure is made of"},
       {"inputs", 200, "of the mission"}}};
  print_machine();
  const auto folder = std::filesystem::current_path()
                      / ("troupe-incremental-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const auto inputs =
      static_cast<std::size_t>(std::max<std::int64_t>(option["inputs"], 2));
  const auto tasks = static_cast<double>(inputs + 1);
  std::vector<double> whole, same, changed, skipped_same, skipped_changed,
      ratio;
  {
    auto host = host_with((folder / "journal").string());
    auto mission = readers(inputs);
    for (std::int64_t i = 0; i < std::max<std::int64_t>(option["rounds"], 1);
         ++i) {
      mission.inputs.front().text = "Round " + std::to_string(i);
      for (auto& input : mission.inputs)
        input.text += "."; // nothing of it is known yet
      whole.push_back(run(host, mission, false).seconds * 1e3);
      const auto again = run(host, mission, true);
      same.push_back(again.seconds * 1e3);
      skipped_same.push_back(again.reused * 100 / tasks);
      mission.inputs[inputs / 2].text += " One word more.";
      const auto one = run(host, mission, true);
      changed.push_back(one.seconds * 1e3);
      skipped_changed.push_back(one.reused * 100 / tasks);
      ratio.push_back(changed.back() / whole.back());
    }
  }
  std::printf("%zu inputs, a task of 20 ms each, and one that joins them:\n",
              inputs);
  print_row("  whole run", spread_of(whole), "ms");
  print_row("  again, unchanged", spread_of(same), "ms");
  print_row("    tasks not done again", spread_of(skipped_same), "%");
  print_row("  again, one input changed", spread_of(changed), "ms");
  print_row("    tasks not done again", spread_of(skipped_changed), "%");
  print_row("    time / whole run", spread_of(ratio), "times");
  std::filesystem::remove_all(folder);
  return 0;
}
