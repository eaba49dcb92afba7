// What does a run lose or do twice when its process is killed, again and again?
//
// A mission of 40 tasks: half of a C++ agent that appends a line to a file, as
// an effect that is kept, half of simulated models that cost money and call a
// tool. Two tools append a line as well, of which one is idempotent; the third
// posts to a counter over HTTP, which is given the key and counts all the same.
// kill -9 at random moments, and the run is gone on with in a new process until
// it ends; then the next run begins, until there were enough kills.
#include "crash_check.hpp"
#include "crash_mission.hpp"
#include "loopback_counter.hpp"
#include "measure.hpp"

#include <troupe/runtime/runtime.hpp>

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;

/// Moments differ from kill to kill: nothing here depends on how long they are.
void wait_for(std::chrono::microseconds span) {
  const timespec time{span.count() / 1'000'000,
                      span.count() % 1'000'000 * 1'000};
  (void)ppoll(nullptr, 0, &time, nullptr);
}

/// Appends what it does to a file, then answers.
protocol::result<std::string> write_line(int effects, const std::string& task) {
  const auto line = task + "\n";
  if (write(effects, line.data(), line.size())
      != static_cast<ssize_t>(line.size()))
    wrong("a line was not written");
  return "did " + task;
}

/// A C++ agent that appends a line, which takes up to 20 ms. What it does is
/// kept: the same task does not do it again in another process.
troupe::agent_function append_once(int effects) {
  return [effects](const troupe::task_view& work) {
    return work.effect("append", "", [&](const std::string& key) {
      wait_for(std::chrono::milliseconds{key.front() % 10});
      auto done = write_line(effects, work.task.task);
      wait_for(std::chrono::milliseconds{key.back() % 10});
      return done;
    });
  };
}

/// Three tools that take up to 20 ms, in which they may be killed.
void add_tools(troupe::runtime& host, const std::string& folder,
               std::uint16_t counter) {
  const auto post = [counter](const troupe::tool_view& it) {
    wait_for(std::chrono::milliseconds{it.key.front() % 10});
    if (!post_to(counter, std::string{it.arguments}, std::string{it.key}))
      wrong("the counter has not answered");
    wait_for(std::chrono::milliseconds{it.key.back() % 10});
    return protocol::result<std::string>{"counted"};
  };
  if (!host.add_tool({"post", "Counts a line", line_schema}, post, {false}))
    wrong("a tool was refused");
  for (const std::string name : {"append", "count"}) {
    const int to = open((folder + "/" + name).c_str(),
                        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const auto code = [to](const troupe::tool_view& it) {
      wait_for(std::chrono::milliseconds{it.key.front() % 10});
      auto done =
          write_line(to, std::string{it.arguments} + ' ' + std::string{it.key});
      wait_for(std::chrono::milliseconds{it.key.back() % 10});
      return done;
    };
    if (!host.add_tool({name, "Appends a line", line_schema}, code,
                       {name == "count"}))
      wrong("a tool was refused");
  }
}

void print_count(const char* what, std::uint64_t count) {
  std::printf("  %-56s %llu\n", what, static_cast<unsigned long long>(count));
}

void print_none(const char* what, std::uint64_t count, const char* unit) {
  print_goal(what, static_cast<double>(count), 0, unit);
}

/// Why a task of a run that is killed so often may fail.
bool may_be(protocol::errc code) {
  return code == protocol::errc::effect_unknown
         || code == protocol::errc::dependency_failed
         || code == protocol::errc::unreachable; // it was given up
}

/// A process that works on the run until it is killed or the run has ended.
[[noreturn]] void live(const std::string& folder, std::uint64_t seed,
                       std::uint16_t counter) {
  const auto begun = run_in(folder);
  troupe::runtime_config config;
  config.journal = folder + "/runs";
  config.threads = 2;
  config.simulated.latency_scale_permille = 10;
  auto host = troupe::runtime::create(config);
  if (!host)
    wrong(host.error().detail);
  const int effects = open((folder + "/effects").c_str(),
                           O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  protocol::agent_card card;
  card.name = "writer";
  const auto added =
      host->add_agent(card, append_once(effects), troupe::execution::blocking);
  if (!added)
    wrong(added.error().detail);
  add_tools(*host, folder, counter);
  troupe::run_options options;
  options.seed = seed;
  auto run = begun ? host->resume(*begun) : host->start(forty_tasks(), options);
  if (!run && run.error().code == protocol::errc::unknown_run)
    _exit(0); // it was killed just behind its end
  if (!run)
    wrong(run.error().detail);
  const auto report = run->wait();
  for (const auto& task : report.tasks)
    if (task.failure && !may_be(task.failure->code))
      wrong("a task failed: " + task.failure->detail);
  const auto account = host->account("default/forty-" + to_string(report.run));
  if (!account || account->spent + account->reserved != report.cost)
    wrong("the report's money is not the ledger's");
  _exit(0);
}

/// True when it was killed; false when the run has ended.
bool live_once(const std::string& folder, std::uint64_t seed,
               std::uint16_t counter, std::chrono::microseconds span) {
  const auto child = fork();
  if (child == 0)
    live(folder, seed, counter);
  if (child < 0)
    wrong("no process");
  wait_for(span);
  kill(child, SIGKILL);
  int status = 0;
  if (waitpid(child, &status, 0) != child)
    wrong("no process");
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
    return true;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    wrong("a process ended by itself");
  return false;
}

void print(const totals& sums) {
  print_count("kill -9", sums.kills);
  print_count("runs of 40 tasks", sums.runs);
  print_none("tasks that a report has not exactly once", sums.done_twice,
             "tasks");
  print_none("effects of C++ agents that happened twice", sums.repeated,
             "effects");
  print_count("tasks whose model calls a tool", sums.tools);
  print_none("effects of tools that happened twice", sums.twice, "effects");
  print_none("effects lost that a report tells as done", sums.lost, "effects");
  print_count("effects told to be unknown", sums.unknown);
  print_count("tasks given up after five kills", sums.given_up);
  print_count("calls of models kept", sums.calls);
  const auto print_money = [](const char* what, protocol::money it) {
    print_count(what, static_cast<std::uint64_t>(it.nano_usd));
  };
  print_money("nano-dollars spent, as ledger and reports say", sums.spent);
  print_money("of these, unknown: set aside when a process was killed",
              sums.unknown_cost);
  print_money("of these, for replies that were kept", sums.kept);
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What does a run lose or do twice when its process is killed, again and "
      "again? A minute; writes files in the current folder.",
      {{"kills", 200, "at random moments"},
       {"span", 400, "milliseconds that a process lives at most"},
       {"seed", 1, "of all chances"}}};
  print_machine();
  const auto base = std::filesystem::current_path()
                    / ("troupe-crash-runs-" + std::to_string(getpid()));
  const loopback_counter counter{base.string() + "/post"};
  std::minstd_rand random{static_cast<unsigned>(option["seed"])};
  totals sums;
  while (sums.kills < static_cast<std::uint64_t>(option["kills"])) {
    std::filesystem::create_directory(base);
    const auto folder = base.string();
    for (bool is_open = true; is_open;) {
      const std::chrono::microseconds span{
          random() % static_cast<std::uint64_t>(option["span"] * 1'000)};
      is_open = live_once(folder, random(), counter.port(), span);
      sums.kills += is_open ? 1 : 0;
    }
    check(folder, sums);
    ++sums.runs;
    std::filesystem::remove_all(base);
  }
  print(sums);
  return 0;
}
