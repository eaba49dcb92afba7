#include "daemon.hpp"

#include "node_file.hpp"
#include "readiness.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <csignal>
#include <cstdio>
#include <future>
#include <sys/signalfd.h>

namespace troupe::cluster {

using protocol::result;

namespace {

constexpr int exit_bad_input = 2;
constexpr int exit_failed = 5;

struct daemon_arguments {
  std::string config;
  std::string ready_file;
  bool checks = false;
};

void say(const std::string& line) {
  std::fprintf(stderr, "trouped: %s\n", line.c_str());
}

int refuse(const protocol::error& why) {
  say(std::string{protocol::to_string(why.code)} + ": " + why.detail);
  return why.code == protocol::errc::config_invalid ? exit_bad_input
                                                    : exit_failed;
}

/// SIGTERM and SIGINT, as something that can be waited for. To be made before
/// any thread is.
class stop_signals {
public:
  stop_signals() {
    ::sigemptyset(&set_);
    ::sigaddset(&set_, SIGTERM);
    ::sigaddset(&set_, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }

  /// True: one has come within `patience`.
  [[nodiscard]] bool wait(std::chrono::milliseconds patience) const {
    const auto ns =
        std::chrono::duration_cast<std::chrono::nanoseconds>(patience).count();
    const timespec time{ns / 1'000'000'000, ns % 1'000'000'000};
    return ::sigtimedwait(&set_, nullptr, &time) > 0;
  }

private:
  sigset_t set_{};
};

/// Takes nothing new, and waits for what is under way; a second signal ends the
/// wait.
void drain(node& it, const node_setup& setup, const stop_signals& stop) {
  constexpr std::chrono::milliseconds look_pace{20};
  (void)it.drain(setup.node.name);
  const auto end = std::chrono::steady_clock::now() + setup.drain_max;
  while (!it.is_idle() && std::chrono::steady_clock::now() < end)
    if (stop.wait(look_pace)) {
      say("told twice to stop: what is under way is left");
      return;
    }
  say(it.is_idle() ? "nothing is under way any more"
                   : "what is under way is left: drain_max has passed");
}

int serve(node_setup setup, const stop_signals& stop) {
  std::promise<protocol::error> failed;
  auto failure = failed.get_future();
  setup.host.at_failure = [&failed](const protocol::error& why) {
    failed.set_value(why);
  };
  auto it = node::start(setup.node, setup.host);
  if (!it)
    return refuse(it.error());
  for (auto& agent : setup.agents)
    if (const auto added = (*it)->host().add_agent(std::move(agent)); !added)
      return refuse(added.error());
  const readiness ready{setup.ready_file, (*it)->address()};
  if (const auto& problem = ready.problem(); !problem.empty()) {
    say(problem);
    return exit_bad_input;
  }
  say("node '" + setup.node.name + "' of cluster '" + setup.node.cluster
      + "' is ready at " + (*it)->address());
  constexpr std::chrono::milliseconds look_pace{250};
  while (!stop.wait(look_pace))
    if (failure.wait_for(std::chrono::seconds{0}) == std::future_status::ready)
      return refuse(failure.get());
  ready.stopping();
  say("told to stop: it takes nothing new");
  drain(**it, setup, stop);
  it->reset();
  say("stopped");
  return 0;
}

void describe(CLI::App& app, daemon_arguments& given) {
  app.add_option("--config", given.config, "The node's file")
      ->required()
      ->type_name("FILE");
  app.add_option("--ready-file", given.ready_file,
                 "Made when the node is ready, with its address; gone when it "
                 "stops")
      ->type_name("FILE");
  app.add_flag("--check", given.checks, "Check the file, and end");
  app.set_version_flag("--version", "trouped " TROUPE_RELEASE,
                       "Print the version and exit");
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.footer("Examples:\n"
             "  trouped --config node.yaml --check\n"
             "  trouped --config node.yaml --ready-file /run/troupe/ready\n\n"
             "SIGTERM or SIGINT: it takes nothing new, waits for what is under "
             "way\nas long as drain_max says, and ends; a second one ends the "
             "wait.\nWith NOTIFY_SOCKET it tells systemd when it is ready.\n\n"
             "Exit codes: 0 stopped, 2 bad arguments or files, 5 it has "
             "failed");
}

} // namespace

int run_daemon(int count, char** words) {
  const stop_signals stop;
  daemon_arguments given;
  CLI::App app{"Runs a node of a cluster of troupe until it is told to stop.",
               "trouped"};
  describe(app, given);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_bad_input;
  }
  auto loaded = load_node(given.config);
  for (const auto& it : loaded.problems)
    say(to_text(it));
  if (!loaded.problems.empty())
    return exit_bad_input;
  if (!given.ready_file.empty())
    loaded.setup.ready_file = given.ready_file;
  if (given.checks) {
    say(given.config + " is right");
    return 0;
  }
  return serve(std::move(loaded.setup), stop);
}

} // namespace troupe::cluster
