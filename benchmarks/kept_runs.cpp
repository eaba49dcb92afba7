// What does it cost to keep a run, and how fast does a long one go on?
//
// A chain of 100 and a fan 1 -> 1,000 -> 1 of trivial C++ tasks, with a journal
// in a file and without one; the floor is the disk itself: 4 KiB appended and
// synced, once a task. Then chains of 10 to 9,999 steps that a runtime is
// destroyed over: the bytes of the journal, and the time from `resume` to the
// first task that is begun again.
#include "measure.hpp"

#include <troupe/runtime/runtime.hpp>

#include <array>
#include <atomic>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <semaphore>
#include <unistd.h>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;

constexpr std::size_t chain_length = 100;
constexpr std::size_t fan_width = 1'000;

protocol::task_spec task_of(std::string id, std::vector<std::string> needs) {
  protocol::task_spec task;
  task.id = std::move(id);
  task.agent = "worker";
  task.prompt = "Say something about the step before.";
  task.needs = std::move(needs);
  return task;
}

protocol::mission chain(std::size_t length) {
  protocol::mission mission;
  mission.name = "chain";
  for (std::size_t i = 0; i < length; ++i)
    mission.tasks.push_back(task_of(
        "t" + std::to_string(i),
        i == 0 ? std::vector<std::string>{}
               : std::vector<std::string>{"t" + std::to_string(i - 1)}));
  return mission;
}

protocol::mission fan() {
  protocol::mission mission;
  mission.name = "fan";
  mission.concurrency = fan_width;
  mission.tasks.push_back(task_of("first", {}));
  std::vector<std::string> middle;
  for (std::size_t i = 0; i < fan_width; ++i) {
    middle.push_back("m" + std::to_string(i));
    mission.tasks.push_back(task_of(middle.back(), {"first"}));
  }
  mission.tasks.push_back(task_of("last", middle));
  return mission;
}

/// A runtime with one agent that answers at once, each time with other text,
/// and one that tells that it has begun and waits until it is stopped.
class host {
public:
  explicit host(const std::string& journal) : it_(start(journal)) {
    add("worker", troupe::execution::inline_, [this](const auto&) {
      auto text = "Step " + std::to_string(++steps_) + ": ";
      text.resize(300, '.');
      return protocol::result<std::string>{std::move(text)};
    });
    add("waiter", troupe::execution::blocking, [this](const auto& task) {
      begun_.release();
      std::binary_semaphore stopped{0};
      const std::stop_callback wake{task.stop, [&] {
                                      stopped.release();
                                    }};
      stopped.acquire();
      return protocol::result<std::string>{"stopped"};
    });
  }

  /// Seconds of a whole run.
  double run(const protocol::mission& mission) {
    auto copy = mission;
    const auto begin = seconds_now();
    const auto report = it_.run(std::move(copy));
    const auto took = seconds_now() - begin;
    if (!report || report->state != protocol::run_state::done)
      wrong("a run has failed");
    return took;
  }

  /// Starts a run and returns when its waiter has begun.
  protocol::id start_until_waiting(protocol::mission mission) {
    mission.tasks.push_back(task_of("wait", {mission.tasks.back().id}));
    mission.tasks.back().agent = "waiter";
    const auto run = it_.start(std::move(mission));
    if (!run)
      wrong(run.error().detail);
    begun_.acquire();
    return run->id();
  }

  /// Seconds from `resume` until the waiter has begun again.
  double resume(protocol::id id) {
    const auto begin = seconds_now();
    const auto run = it_.resume(id);
    if (!run)
      wrong(run.error().detail);
    begun_.acquire();
    const auto took = seconds_now() - begin;
    if (steps_ != 0)
      wrong("a step was done again");
    return took;
  }

private:
  static troupe::runtime start(const std::string& journal) {
    troupe::runtime_config config;
    config.journal = journal;
    auto made = troupe::runtime::create(std::move(config));
    if (!made)
      wrong(made.error().detail);
    return std::move(*made);
  }

  void add(const char* name, troupe::execution where,
           troupe::agent_function code) {
    protocol::agent_card card;
    card.name = name;
    if (!it_.add_agent(card, std::move(code), where))
      wrong("an agent was refused");
  }

  std::atomic<std::uint64_t> steps_ = 0;
  std::counting_semaphore<> begun_{0};
  troupe::runtime it_;
};

/// Seconds for so many appends of 4 KiB, each synced.
double synced_appends(const std::string& file, std::size_t count) {
  const int to =
      open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  static constexpr std::array<char, 4'096> block{};
  const auto begin = seconds_now();
  for (std::size_t i = 0; i < count; ++i)
    if (write(to, block.data(), block.size())
            != static_cast<ssize_t>(block.size())
        || fdatasync(to) != 0)
      wrong("the disk does not write");
  const auto took = seconds_now() - begin;
  close(to);
  return took;
}

void compare(const char* title, const protocol::mission& mission,
             const std::string& folder, std::int64_t rounds) {
  std::vector<double> memory, kept, disk, ratio;
  const auto tasks = static_cast<double>(mission.tasks.size());
  host plain{""};
  host durable{folder + "/" + mission.name};
  (void)plain.run(mission);
  (void)durable.run(mission);
  for (std::int64_t i = 0; i < rounds; ++i) {
    memory.push_back(plain.run(mission) * 1e6 / tasks);
    kept.push_back(durable.run(mission) * 1e6 / tasks);
    disk.push_back(synced_appends(folder + "/floor", mission.tasks.size()) * 1e6
                   / tasks);
    ratio.push_back(kept.back() / disk.back());
  }
  std::printf("%s, per task:\n", title);
  print_row("  without a journal", spread_of(memory), "us");
  print_row("  floor: 4 KiB appended and synced", spread_of(disk), "us");
  print_row("  with a journal", spread_of(kept), "us");
  print_row("  with a journal / floor", spread_of(ratio), "times");
}

double bytes_of(const std::string& journal) {
  double sum = 0;
  for (const auto* end : {"", "-wal"}) {
    std::error_code none;
    const auto size = std::filesystem::file_size(journal + end, none);
    sum += none ? 0 : static_cast<double>(size);
  }
  return sum;
}

void resume_after(std::size_t steps, const std::string& folder) {
  const auto journal = folder + "/long" + std::to_string(steps);
  protocol::id id;
  {
    host first{journal};
    id = first.start_until_waiting(chain(steps));
  }
  const auto bytes = bytes_of(journal);
  std::vector<double> times;
  for (int i = 0; i < 3; ++i) {
    host next{journal};
    times.push_back(next.resume(id) * 1e3);
  }
  std::printf("chain of %zu steps:\n", steps);
  print_row("  journal", spread_of({bytes / static_cast<double>(steps)}),
            "bytes a step");
  print_row("  from resume to the next task", spread_of(times), "ms");
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What does it cost to keep a run, and how fast does a long one go on? "
      "Half a minute; writes files in the current folder.",
      {{"rounds", 9, "runs that each figure is made of"},
       {"steps", 9'999, "of the longest chain that is resumed"}}};
  print_machine();
  const auto folder = std::filesystem::current_path()
                      / ("troupe-kept-runs-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const auto rounds = std::max<std::int64_t>(option["rounds"], 1);
  compare("chain of 100", chain(chain_length), folder.string(), rounds);
  compare("fan 1 -> 1,000 -> 1", fan(), folder.string(), rounds);
  for (const std::int64_t steps : {10, 100, 1'000, 9'999})
    if (steps <= option["steps"])
      resume_after(static_cast<std::size_t>(steps), folder.string());
  std::filesystem::remove_all(folder);
  return 0;
}
