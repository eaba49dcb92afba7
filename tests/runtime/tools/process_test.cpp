#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/scratch_folder.hpp"
#include "tools/process.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace troupe;
using test::eventually;
using tools::process_end;
using tools::process_outcome;
using tools::process_plan;
using tools::run_process;

namespace {

process_plan shell(const std::string& script) {
  process_plan plan;
  plan.file = "/bin/sh";
  plan.arguments = {"sh", "-c", script};
  plan.environment = {"PATH=/usr/bin:/bin"};
  return plan;
}

process_outcome run(const process_plan& plan, std::string_view input = {},
                    std::chrono::milliseconds time = 20s) {
  return run_process(plan, input, std::chrono::steady_clock::now() + time, {});
}

/// False also for one that has ended and nobody has taken.
bool is_alive(pid_t who) {
  std::ifstream file{"/proc/" + std::to_string(who) + "/stat"};
  std::string number, name, state;
  file >> number >> name >> state;
  return file && state != "Z";
}

/// The numbers that a program has written.
std::vector<pid_t> numbers_in(const std::string& text) {
  std::istringstream words{text};
  std::vector<pid_t> all;
  for (pid_t one = 0; words >> one;)
    all.push_back(one);
  return all;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream from{file};
  return {std::istreambuf_iterator<char>{from}, {}};
}

} // namespace

TEST_CASE("a program is given its input and says its output", "[process]") {
  for (const std::size_t size : {0U, 1U, 4'096U, 65'536U}) {
    const std::string text(size, 'x');
    process_plan cat;
    cat.file = "/bin/cat";
    cat.arguments = {"cat"};
    const auto outcome = run(cat, text);
    CHECK(outcome.how == process_end::exited);
    CHECK(outcome.code == 0);
    CHECK(outcome.output == text);
  }
}

TEST_CASE("how a program has ended is told", "[process]") {
  auto outcome = run(shell("echo no such port >&2; exit 3"));
  CHECK(outcome.how == process_end::exited);
  CHECK(outcome.code == 3);
  CHECK(outcome.complaints == "no such port\n");
  outcome = run(shell("kill -SEGV $$"));
  CHECK(outcome.how == process_end::signalled);
  CHECK(outcome.code == SIGSEGV);
  process_plan missing;
  missing.file = "/nowhere/program";
  missing.arguments = {"program"};
  outcome = run(missing);
  CHECK(outcome.how == process_end::not_started);
  CHECK(outcome.code == ENOENT);
  auto lost = shell("true");
  lost.folder = "/nowhere";
  CHECK(run(lost).how == process_end::not_started);
}

TEST_CASE("a program that closes its input at once is no trouble",
          "[process]") {
  const std::string much(1U << 20U, 'x');
  const auto outcome = run(shell("exec 0<&-; echo done"), much);
  CHECK(outcome.how == process_end::exited);
  CHECK(outcome.output == "done\n");
}

TEST_CASE("a program that says more than it may is ended", "[process]") {
  auto plan = shell("yes");
  plan.output_bytes = 1'000;
  auto outcome = run(plan);
  CHECK(outcome.how == process_end::output_exceeded);
  CHECK(outcome.output.size() == 1'000);
  plan = shell("printf 12345678901");
  plan.output_bytes = 10;
  CHECK(run(plan).how == process_end::output_exceeded);
  plan.output_bytes = 11;
  CHECK(run(plan).how == process_end::exited);
}

namespace {

/// Runs a script that never ends, with as much time as it needs on this
/// machine to have begun.
template <class HasBegun>
auto run_out_of_time(const std::string& script, const HasBegun& has_begun) {
  for (auto time = 200ms;; time *= 2) {
    auto outcome = run(shell(script), {}, time);
    if (has_begun(outcome) || time > 10s)
      return outcome;
  }
}

} // namespace

TEST_CASE("of endless complaints the last are kept", "[process]") {
  const auto outcome = run_out_of_time(
      "yes >&2", [](const auto& it) { return it.complaints.size() == 2'048; });
  CHECK(outcome.how == process_end::out_of_time);
  CHECK(outcome.complaints.size() == 2'048);
}

TEST_CASE("a program that ignores signals ends with its time", "[process]") {
  const auto outcome = run_out_of_time(
      "trap '' TERM INT HUP; echo $$; while :; do :; done",
      [](const auto& it) { return !numbers_in(it.output).empty(); });
  CHECK(outcome.how == process_end::out_of_time);
  const auto who = numbers_in(outcome.output);
  REQUIRE(who.size() == 1);
  CHECK_FALSE(is_alive(who[0]));
}

TEST_CASE("nothing that a program has started outlives it", "[process]") {
  // In its group, with the pipes open; and in sessions of their own.
  const auto outcome =
      run(shell("sleep 600 & echo $!; setsid sleep 600 & echo $!; "
                "(setsid sh -c 'echo $$; sleep 600' &); sleep 0.05; echo $$"));
  CHECK(outcome.how == process_end::exited);
  const auto who = numbers_in(outcome.output);
  CHECK(who.size() == 4);
  for (const auto one : who)
    CHECK_FALSE(is_alive(one));
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}

TEST_CASE("a stop ends a program and what it has started", "[process]") {
  test::scratch_folder folder{"stop"};
  const auto file = folder.path() / "who";
  const auto plan = shell("sleep 600 & echo $$ $! > " + file.string()
                          + "; setsid sleep 600 & wait");
  std::stop_source stop;
  process_outcome outcome;
  {
    const std::jthread caller{[&] {
      outcome = run_process(plan, {}, std::chrono::steady_clock::now() + 1h,
                            stop.get_token());
    }};
    CHECK(eventually([&] { return numbers_in(text_of(file)).size() == 2; }));
    stop.request_stop();
  }
  CHECK(outcome.how == process_end::cancelled);
  for (const auto one : numbers_in(text_of(file)))
    CHECK_FALSE(is_alive(one));
}

TEST_CASE("a call that was stopped before is not made", "[process]") {
  test::scratch_folder folder{"stopped"};
  std::stop_source stop;
  stop.request_stop();
  const auto plan = shell("touch " + (folder.path() / "x").string());
  CHECK(run_process(plan, {}, std::chrono::steady_clock::now() + 1h,
                    stop.get_token())
            .how
        == process_end::cancelled);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "x"));
}

TEST_CASE("a program that multiplies is ended", "[process]") {
  for (const std::string script :
       {"f() { f | f & }; f; sleep 600",
        "for i in $(seq 100); do setsid sleep 600 & done; sleep 600"}) {
    auto plan = shell(script);
    plan.limits.processes = 30;
    CHECK(run(plan).how == process_end::crowded);
  }
}

TEST_CASE("a program is given its limits", "[process]") {
  auto plan = shell("ulimit -c; ulimit -n; ulimit -v; ulimit -t");
  plan.limits = {.memory_bytes = 256U << 20U, .cpu_seconds = 7, .files = 33};
  CHECK(run(plan).output == "0\n33\n262144\n7\n");
  plan = shell("while :; do :; done");
  plan.limits.cpu_seconds = 1;
  const auto outcome = run(plan);
  CHECK(outcome.how == process_end::signalled);
  CHECK(outcome.code == SIGXCPU);
}

TEST_CASE("a program has three files and no more rights than it needs",
          "[process]") {
  const auto outcome =
      run(shell("ls /proc/self/fd | wc -l; grep NoNewPrivs /proc/self/status"));
  CHECK(outcome.output == "4\nNoNewPrivs:\t1\n"); // one is the folder's
}

TEST_CASE("a program dies with the process that has called it", "[process]") {
  test::scratch_folder folder{"death"};
  const auto file = folder.path() / "who";
  const auto plan =
      shell("sleep 600 & echo $$ $! > " + file.string()
            + "; setsid sleep 600 & echo $! >> " + file.string() + "; wait");
  const auto caller = ::fork();
  if (caller == 0) {
    (void)run(plan, {}, 1h);
    ::_exit(0);
  }
  REQUIRE(caller > 0);
  CHECK(eventually([&] { return numbers_in(text_of(file)).size() == 3; }));
  ::kill(caller, SIGKILL);
  ::waitpid(caller, nullptr, 0);
  for (const auto one : numbers_in(text_of(file)))
    CHECK(eventually([&] { return !is_alive(one); }));
}

TEST_CASE("many programs run at one time", "[process]") {
  std::vector<process_outcome> outcomes(32);
  {
    std::vector<std::jthread> callers;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      callers.emplace_back([&outcomes, i] {
        outcomes[i] = run(shell("cat; echo " + std::to_string(i)), "in ");
      });
  }
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    CHECK(outcomes[i].output == "in " + std::to_string(i) + "\n");
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
}
