// How long from a cancel until nothing is left at work, sockets and processes
// included?
//
// A mission of 1,000 tasks under way at once: 200 stream from an endpoint on
// loopback that never comes to its end, 50 wait for a child process each, the
// others for models that take minutes. One cancel of the run; then the moments
// of the report, of the last socket that the endpoint saw closed, and of the
// last child that was gone.
#include "loopback_model.hpp"
#include "measure.hpp"

#include <troupe/runtime/runtime.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <semaphore>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;

constexpr double goal_ms = 100;

/// How many tasks wait for what.
struct shares {
  std::size_t streams = 200;
  std::size_t children = 50;
  std::size_t others = 750;
};

/// Children that agents wait for.
struct nursery {
  std::counting_semaphore<> born{0};
  std::atomic<double> last_gone = 0;
  std::atomic<std::size_t> gone = 0;

  protocol::result<std::string> wait_for_child(const troupe::task_view& task) {
    std::array<char*, 3> words{const_cast<char*>("sleep"),
                               const_cast<char*>("600"), nullptr};
    pid_t child = -1;
    if (posix_spawn(&child, "/bin/sleep", nullptr, nullptr, words.data(),
                    environ)
        != 0)
      wrong("no child process");
    {
      const std::stop_callback end{task.stop, [child] {
                                     kill(child, SIGKILL);
                                   }};
      born.release();
      int status = 0;
      if (waitpid(child, &status, 0) != child)
        wrong("a child is missing");
    }
    last_gone = std::max(last_gone.load(), seconds_now());
    ++gone;
    return std::string{"gone"};
  }
};

troupe::runtime start(const loopback_model& endpoint) {
  setenv("TROUPE_BENCHMARK_KEY", "not-a-key", 1);
  troupe::runtime_config config;
  config.log.level = troupe::log_level::off;
  config.simulated.latency_scale_permille = 100'000;
  for (auto& it : config.providers)
    if (it.name == "openai") {
      it.base_url = endpoint.url("/drip");
      it.api_key_env = "TROUPE_BENCHMARK_KEY";
      it.connections_max = 1'000;
    }
  auto made = troupe::runtime::create(std::move(config));
  if (!made)
    wrong(made.error().detail);
  return std::move(*made);
}

protocol::mission mission_of(const shares& of) {
  protocol::mission mission;
  mission.name = "quiet";
  mission.concurrency =
      static_cast<std::uint32_t>(of.streams + of.children + of.others);
  protocol::agent_spec writer;
  writer.card.name = "writer";
  mission.agents = {writer};
  const auto add = [&](const std::string& id) -> protocol::task_spec& {
    auto& task = mission.tasks.emplace_back();
    task.id = id;
    task.agent = "writer";
    task.prompt = "Write about " + id + ".";
    task.output_tokens_max = 4'000;
    task.timeout = std::chrono::hours{1};
    return task;
  };
  for (std::size_t i = 0; i < of.streams; ++i)
    add("s" + std::to_string(i)).model = "openai/gpt-4.1-mini";
  for (std::size_t i = 0; i < of.children; ++i)
    add("c" + std::to_string(i)).agent = "child" + std::to_string(i);
  for (std::size_t i = 0; i < of.others; ++i)
    add("m" + std::to_string(i)).model = "simulated/basic";
  return mission;
}

struct figures {
  double answered = 0; ///< Milliseconds from the cancel, each.
  double closed = 0;
  double gone = 0;
};

/// Waits for so many things of a kind at the endpoint; the last moment.
double wait_for(const loopback_model& endpoint, std::size_t count, bool what) {
  double last = 0;
  for (std::size_t seen = 0; seen < count;) {
    double at = 0;
    if (endpoint.next_event(at) != what)
      wrong("the endpoint saw something else");
    last = std::max(last, at);
    ++seen;
  }
  return last;
}

figures measure(const loopback_model& endpoint, const shares& of) {
  nursery children;
  auto host = start(endpoint);
  for (std::size_t i = 0; i < of.children; ++i) {
    protocol::agent_card card;
    card.name = "child" + std::to_string(i);
    const auto added = host.add_agent(
        card,
        [&](const troupe::task_view& task) {
          return children.wait_for_child(task);
        },
        troupe::execution::blocking);
    if (!added)
      wrong(added.error().detail);
  }
  auto run = host.start(mission_of(of));
  if (!run)
    wrong(run.error().detail);
  for (std::size_t started = 0;
       started < of.streams + of.children + of.others;) {
    const auto event = run->next_event(std::chrono::seconds{60});
    if (!event)
      wrong("not all tasks have started");
    started += event->kind == protocol::event_kind::task_started ? 1 : 0;
  }
  (void)wait_for(endpoint, of.streams, true);
  for (std::size_t i = 0; i < of.children; ++i)
    children.born.acquire();
  const auto cancelled = seconds_now();
  run->cancel("measured");
  const auto report = run->wait();
  const auto answered = seconds_now();
  const auto closed = wait_for(endpoint, of.streams, false);
  if (report.state != protocol::run_state::cancelled)
    wrong("the run was not cancelled");
  for (const auto& task : report.tasks)
    if (task.state != protocol::task_state::cancelled)
      wrong("task " + task.task + " was not cancelled");
  if (children.gone != of.children)
    wrong("a child is left behind the report");
  return {(answered - cancelled) * 1e3, (closed - cancelled) * 1e3,
          (children.last_gone - cancelled) * 1e3};
}

void print(const char* what, const std::vector<double>& values) {
  std::printf("  %-34s p50 %7.1f  p99 %7.1f ms\n", what, quantile(values, 0.5),
              quantile(values, 0.99));
  print_goal(what, quantile(values, 0.99), goal_ms, "ms");
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "How long from a cancel of 1,000 tasks until nothing is left at work, "
      "sockets and child processes included? Half a minute.",
      {{"rounds", 30, "runs that are cancelled"},
       {"streams", 200, "tasks that stream over HTTP"},
       {"children", 50, "tasks that wait for a child process"},
       {"others", 750, "tasks that wait for a model"}}};
  const loopback_model endpoint; // before any thread
  print_machine();
  const shares of{static_cast<std::size_t>(option["streams"]),
                  static_cast<std::size_t>(option["children"]),
                  static_cast<std::size_t>(option["others"])};
  std::vector<double> answered, closed, gone;
  for (std::int64_t i = 0; i < std::max<std::int64_t>(option["rounds"], 1);
       ++i) {
    const auto it = measure(endpoint, of);
    answered.push_back(it.answered);
    closed.push_back(it.closed);
    gone.push_back(it.gone);
  }
  print("from cancel to the report", answered);
  print("until all sockets are closed", closed);
  print("until all children are gone", gone);
  return 0;
}
