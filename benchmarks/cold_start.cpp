// How long does it take from the start of a process to its first finished task?
//
// The program starts itself again and again and waits for a byte that the new
// process writes when its work is done. Beside it stand the floors: a process
// that writes the byte at once, and one that starts CAF alone for one request.
#include "measure.hpp"

#include <troupe/runtime/runtime.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;

constexpr const char* child_word = "--child";
constexpr double goal_ms = 20;
constexpr int patience_ms = 20'000;

void tell_done() {
  const char done = 'd';
  if (write(STDOUT_FILENO, &done, 1) != 1)
    wrong("nobody reads");
}

int run_bare_caf() {
  using echo = caf::typed_actor<caf::replies_to<int>::with<int>>;
  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  const auto worker = system.spawn([]() -> echo::behavior_type {
    return {[](int x) {
      return x + 1;
    }};
  });
  int answer = 0;
  self->request(worker, std::chrono::seconds{10}, 1)
      .receive([&](int x) { answer = x; }, [](const caf::error&) {});
  if (answer != 2)
    return 1;
  tell_done();
  return 0;
}

protocol::mission one_task() {
  protocol::task_spec task;
  task.id = "only";
  task.agent = "worker";
  task.prompt = "Say something about the sea.";
  protocol::mission mission;
  mission.name = "cold";
  mission.tasks.push_back(std::move(task));
  return mission;
}

int run_mission(troupe::runtime& host, bool is_model) {
  const auto report = host.run(one_task());
  if (!report || report->state != protocol::run_state::done
      || report->tasks.front().output.empty() || report->simulated != is_model)
    return 1;
  tell_done();
  return 0;
}

int run_code_agent() {
  auto host = troupe::runtime::create();
  if (!host)
    return 1;
  protocol::agent_card card;
  card.name = "worker";
  const auto added = host->add_agent(
      std::move(card),
      [](const troupe::task_view&) -> protocol::result<std::string> {
        return std::string{"done"};
      });
  return added ? run_mission(*host, false) : 1;
}

int run_model_agent() {
  troupe::runtime_config config;
  config.simulated.latency_scale_permille = 0;
  auto host = troupe::runtime::create(std::move(config));
  if (!host)
    return 1;
  protocol::agent_spec spec;
  spec.card.name = "worker";
  spec.card.skills = {"writing"};
  spec.instructions = "You write short texts in plain words.";
  return host->add_agent(std::move(spec)) ? run_mission(*host, true) : 1;
}

int child_main(std::string_view kind) {
  if (kind == "empty")
    return tell_done(), 0;
  if (kind == "caf")
    return run_bare_caf();
  if (kind == "code")
    return run_code_agent();
  return kind == "model" ? run_model_agent() : 2;
}

[[noreturn]] void become_child(const char* kind, int out) {
  dup2(out, STDOUT_FILENO);
  close(out);
  // Keys of real providers would change what is measured.
  unsetenv("ANTHROPIC_API_KEY");
  unsetenv("OPENAI_API_KEY");
  unsetenv("OPENROUTER_API_KEY");
  execl("/proc/self/exe", "cold_start", child_word, kind, nullptr);
  _exit(127);
}

/// Milliseconds until the first byte of a new process.
double start_once(const char* kind) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    wrong("no pipe");
  const auto begin = seconds_now();
  const auto child = fork();
  if (child == 0)
    become_child(kind, ends[1]);
  close(ends[1]);
  pollfd ready{ends[0], POLLIN, 0};
  char byte = 0;
  const bool answered = child > 0 && poll(&ready, 1, patience_ms) == 1
                        && read(ends[0], &byte, 1) == 1;
  const auto took = (seconds_now() - begin) * 1e3;
  close(ends[0]);
  if (!answered && child > 0)
    kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  if (!answered || byte != 'd' || !WIFEXITED(status)
      || WEXITSTATUS(status) != 0)
    wrong(std::string{"the process did not finish its task: "} + kind);
  return took;
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], child_word) == 0)
    return child_main(argv[2]);
  const options option{argc,
                       argv,
                       "How long from the start of a process to its first "
                       "finished task? Some 5 seconds.",
                       {{"runs", 31, "processes of each kind, at most 1000"}}};
  print_machine();
  const std::vector<std::pair<const char*, const char*>> kinds{
      {"empty", "floor: empty process"},
      {"caf", "floor: bare CAF, one request"},
      {"code", "troupe: C++ agent"},
      {"model", "troupe: model agent, simulated"}};
  std::map<std::string, std::vector<double>> times;
  const auto runs = std::clamp<std::int64_t>(option["runs"], 3, 1000);
  for (std::int64_t i = 0; i < runs; ++i)
    for (const auto& [kind, title] : kinds)
      times[kind].push_back(start_once(kind));
  for (const auto& [kind, title] : kinds)
    print_row(title, spread_of(times[kind]), "ms");
  const auto code = spread_of(times["code"]).median;
  const auto model = spread_of(times["model"]).median;
  const auto caf = spread_of(times["caf"]).median;
  std::printf("ratio to bare CAF: C++ agent %.2f, model agent %.2f\n",
              code / caf, model / caf);
  print_goal("C++ agent", code, goal_ms, "ms");
  print_goal("model agent", model, goal_ms, "ms");
  return 0;
}
