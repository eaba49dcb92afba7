#include "cross_node_side.hpp"

#include "bare_link.hpp"
#include "engine/engine_access.hpp"
#include "engine/runtime_access.hpp"
#include "measure.hpp"
#include "node_inside.hpp"
#include "task_client.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace troupe::benchmarks {

namespace fs = std::filesystem;
using namespace cluster;

namespace {

protocol::instant wall_now() {
  return std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
}

node_config config_of(const std::string& name, const std::string& folder) {
  node_config config;
  config.name = name;
  config.cluster = "bench";
  config.listen = "127.0.0.1:0";
  config.capacity = 2'000;
  if (!folder.empty())
    config.certificates = {folder + "/ca.crt", folder + "/" + name + ".crt",
                           folder + "/" + name + ".key", ""};
  return config;
}

std::unique_ptr<node> start_side(const std::string& name,
                                 const std::string& folder,
                                 const std::vector<std::string>& seeds) {
  auto config = config_of(name, folder);
  config.seeds = seeds;
  runtime_config host;
  host.threads = 2;
  auto it = node::start(config, host);
  if (!it)
    wrong(it.error().detail);
  return std::move(*it);
}

} // namespace

other_side::other_side(const std::string& kind, const std::string& folder) {
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0)
    wrong("no pipe");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  ::posix_spawn_file_actions_addclose(&actions, ends[0]);
  std::string self = fs::read_symlink("/proc/self/exe").string();
  std::string serve = "--serve";
  std::string what = kind;
  std::string where = folder;
  char* words[] = {self.data(), serve.data(), what.data(), where.data(),
                   nullptr};
  if (::posix_spawn(&pid_, self.c_str(), &actions, nullptr, words, environ)
      != 0)
    wrong("no other side");
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  char byte = 0;
  while (::read(ends[0], &byte, 1) == 1 && byte != '\n')
    address_ += byte;
  ::close(ends[0]);
  if (address_.empty())
    wrong("the other side does not begin");
}

other_side::~other_side() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void stay(const std::string& address) {
  std::cout << address << std::endl;
  for (;;)
    ::pause();
}

int serve_link(const std::string& kind, const std::string& folder) {
  return kind == "bare" ? serve_bare(folder) : serve_node(folder);
}

int serve_node(const std::string& folder) {
  const auto it = start_side("b", folder, {});
  if (const auto added = it->host().add_agent(
          {.name = "echo"},
          [](const task_view&) { return std::string(answered_bytes, 'y'); });
      !added)
    wrong(added.error().detail);
  stay(it->address());
}

namespace {

/// A node here and one over there, and somebody here who asks its agent.
struct two_nodes {
  explicit two_nodes(const std::string& folder)
      : other{"node", folder}, here{start_side("a", folder, {other.address()})},
        inside{runtime_access::engine_of(here->host())} {
    actors::agent_actor agent;
    const auto end = seconds_now() + 10;
    while (!(agent = inside.books().stand_ins->find("echo"))) {
      if (seconds_now() > end)
        wrong("the nodes do not find one another");
      std::this_thread::yield();
    }
    client = spawn_task_client(inside.system(), agent,
                               engine_access::clock_of(inside));
  }
  ~two_nodes() { caf::anon_send_exit(client, caf::exit_reason::kill); }

  const other_side other;
  const std::unique_ptr<node> here;
  class engine& inside;
  caf::actor client;
};

} // namespace

link_pass measure_node(const std::string& folder, std::size_t requests) {
  const two_nodes both{folder};
  const auto [link, status] = node_inside::link_to(*both.here, "b");
  const auto ask = [&](std::size_t count, std::size_t at_once) {
    return ask_tasks(both.client, count, at_once);
  };
  // By stretches, so that neither side keeps more than one of them.
  const auto tell = [&, &to = link, &counts = status](std::size_t count) {
    constexpr std::size_t stretch = 10'000;
    protocol::id_source ids{2};
    const std::string reason(asked_bytes, 'x');
    const auto start = seconds_now();
    for (std::size_t told = 0; told < count; told += stretch) {
      const auto target = counts->sent.load() + stretch;
      for (std::size_t i = 0; i < stretch; ++i) {
        protocol::coordination<protocol::cancel> note;
        note.head.message = ids.next(wall_now());
        note.body = {note.head.message, reason};
        caf::anon_send(to, std::move(note));
      }
      while (counts->sent < target) // they are urgent: nothing is behind them
        std::this_thread::yield();
      (void)ask(1, 1); // all that was sent before it has arrived
    }
    return seconds_now() - start;
  };
  const auto pass = measure_pass(ask, tell, requests);
  if (status->gaps != 0 || status->given_up != 0)
    wrong("something was lost");
  return pass;
}

load_pass measure_load(const std::string& folder,
                       const std::vector<int>& percents, double seconds) {
  const two_nodes both{folder};
  load_pass pass;
  (void)ask_tasks(both.client, 5'000, 1'000); // warm
  const auto start = seconds_now();
  constexpr std::size_t probe = 50'000;
  (void)ask_tasks(both.client, probe, 1'000);
  pass.capacity = probe / (seconds_now() - start);
  for (const int percent : percents) {
    const auto rate = pass.capacity * percent / 100;
    auto took = offer_tasks(both.client, rate, seconds);
    std::sort(took.begin(), took.end());
    pass.at.push_back({percent, took[took.size() / 2],
                       took[took.size() * 99 / 100], took.back()});
  }
  return pass;
}

link_pass measure_pass(
    const std::function<std::vector<double>(std::size_t, std::size_t)>& ask,
    const std::function<double(std::size_t)>& tell, std::size_t requests) {
  link_pass pass;
  const auto rate = [&](std::size_t count, std::size_t at_once,
                        std::vector<double>* each = nullptr) {
    const auto start = seconds_now();
    auto took = ask(count, at_once);
    const auto seconds = seconds_now() - start;
    if (each != nullptr)
      *each = std::move(took);
    return static_cast<double>(count) / seconds;
  };
  (void)ask(requests / 10, 10); // warm
  std::vector<double> each;
  pass.rate_1 = rate(requests / 10, 1, &each);
  std::sort(each.begin(), each.end());
  pass.p50_us = each[each.size() / 2];
  pass.p99_us = each[each.size() * 99 / 100];
  pass.rate_100 = rate(requests, 100);
  pass.rate_1000 = rate(requests, 1'000);
  pass.one_way = static_cast<double>(requests * 5) / tell(requests * 5);
  return pass;
}

} // namespace troupe::benchmarks
