// What does a run lose or do twice when its process is killed, again and again?
//
// A mission of 40 tasks: half of a C++ agent that appends a line to a file,
// half of simulated models that cost money and call a tool, which appends a
// line as well; one of the two tools is idempotent. kill -9 at random moments,
// and the run is gone on with in a new process until it ends; then the next run
// begins, until there were enough kills.
#include "crash_mission.hpp"
#include "journal/journal_file.hpp"
#include "measure.hpp"

#include <troupe/actors/run_past.hpp>
#include <troupe/runtime/runtime.hpp>

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
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

/// Two tools that take up to 20 ms, in which they may be killed.
void add_tools(troupe::runtime& host, const std::string& folder) {
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

/// The run of the folder's journal, if there is one already.
std::optional<protocol::id> run_in(const std::string& folder) {
  const auto journal = troupe::open_journal_file(folder + "/runs");
  if (!journal)
    return std::nullopt; // its file is not there yet
  const auto runs = (*journal)->runs(2);
  if (!runs || runs->size() > 1)
    wrong("the journal has not one run");
  if (runs->empty())
    return std::nullopt;
  return runs->front().run;
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
[[noreturn]] void live(const std::string& folder, std::uint64_t seed) {
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
      host->add_agent(card, [effects](const troupe::task_view& work) {
        return write_line(effects, work.task.task);
      });
  if (!added)
    wrong(added.error().detail);
  add_tools(*host, folder);
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
               std::chrono::microseconds span) {
  const auto child = fork();
  if (child == 0)
    live(folder, seed);
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

struct totals {
  std::uint64_t kills = 0;
  std::uint64_t runs = 0;
  std::uint64_t done_twice = 0; ///< In a report.
  std::uint64_t repeated = 0;   ///< Lines beyond the first of a task.
  std::uint64_t unreported = 0; ///< Of these, what no report tells.
  std::uint64_t tools = 0;      ///< Tasks that called one.
  std::uint64_t twice = 0;      ///< Effects of tools that happened twice.
  std::uint64_t lost = 0;       ///< Of tasks that are told to be done.
  std::uint64_t unknown = 0;    ///< Told to be so.
  std::uint64_t given_up = 0;   ///< Tasks, after so many kills.
};

/// The lines of a file, each with how often it is there.
std::map<std::string, std::uint64_t> lines_of(const std::string& file) {
  std::map<std::string, std::uint64_t> lines;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);)
    ++lines[line];
  return lines;
}

/// What the tools have done for one task.
void check_tool(const std::string& folder, const protocol::task_record& task,
                totals& sums) {
  std::uint64_t keys = 0;
  std::uint64_t times = 0;
  const auto start = "{\"line\":\"" + task.task + "\"} ";
  for (const auto& [line, count] : lines_of(folder + "/" + task.agent))
    if (line.starts_with(start)) {
      keys += 1;
      times += count;
    }
  const bool is_unknown =
      task.failure && task.failure->code == protocol::errc::effect_unknown;
  // With the same key an idempotent tool may do it again.
  const auto effects = task.agent == "count" ? keys : times;
  sums.tools += 1;
  sums.twice += effects > 1 ? 1 : 0;
  sums.lost += task.state == protocol::task_state::done && effects == 0 ? 1 : 0;
  sums.unknown += is_unknown ? 1 : 0;
}

/// What the journal of an ended run says must be whole.
void check(const std::string& folder, totals& sums) {
  const auto run = run_in(folder);
  if (!run)
    wrong("the run is not in its journal");
  auto journal = troupe::open_journal_file(folder + "/runs");
  if (!journal)
    wrong(journal.error().detail);
  const auto found = (*journal)->verify();
  if (!found || !found->problems.empty())
    wrong("the journal is damaged");
  const auto entries = (*journal)->read(*run);
  const auto past =
      entries ? troupe::actors::read_past(*run, *entries)
              : protocol::result<troupe::actors::run_past>{entries.error()};
  if (!past || !past->is_closed)
    wrong("the run cannot be read");
  const auto lines = lines_of(folder + "/effects");
  std::map<std::string, std::uint64_t> done;
  for (const auto& event : past->events)
    if (event.kind == protocol::event_kind::task_done)
      ++done[event.task];
  for (const auto& task : past->report.tasks) {
    const bool is_done = task.state == protocol::task_state::done;
    if (task.failure && task.failure->code == protocol::errc::unreachable)
      ++sums.given_up;
    sums.done_twice += done[task.task] == (is_done ? 1U : 0U) ? 0 : 1;
    if (task.agent != "writer") {
      check_tool(folder, task, sums);
      continue;
    }
    if (!is_done)
      continue;
    if (!lines.contains(task.task))
      wrong("a task is reported that was not done");
    const auto again = lines.at(task.task) - 1;
    sums.repeated += again;
    sums.unreported += again > task.interrupted ? again - task.interrupted : 0;
  }
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
  std::minstd_rand random{static_cast<unsigned>(option["seed"])};
  totals sums;
  while (sums.kills < static_cast<std::uint64_t>(option["kills"])) {
    std::filesystem::create_directory(base);
    const auto folder = base.string();
    for (bool is_open = true; is_open;) {
      const std::chrono::microseconds span{
          random() % static_cast<std::uint64_t>(option["span"] * 1'000)};
      is_open = live_once(folder, random(), span);
      sums.kills += is_open ? 1 : 0;
    }
    check(folder, sums);
    ++sums.runs;
    std::filesystem::remove_all(base);
  }
  print_count("kill -9", sums.kills);
  print_count("runs of 40 tasks", sums.runs);
  print_none("tasks that a report has not exactly once", sums.done_twice,
             "tasks");
  print_count("effects done again with an attempt that was interrupted",
              sums.repeated);
  print_none("effects done again that no report tells", sums.unreported,
             "effects");
  print_count("tasks whose model calls a tool", sums.tools);
  print_none("effects of tools that happened twice", sums.twice, "effects");
  print_none("effects lost that a report tells as done", sums.lost, "effects");
  print_count("effects told to be unknown", sums.unknown);
  print_count("tasks given up after five kills", sums.given_up);
  return 0;
}
