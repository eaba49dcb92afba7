#include "cross_node_side.hpp"

#include "bare_link.hpp"
#include "engine/engine_access.hpp"
#include "engine/runtime_access.hpp"
#include "measure.hpp"
#include "node_inside.hpp"

#include <caf/all.hpp>

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

using perform = protocol::request<protocol::perform_task>;
using performed = protocol::response<protocol::task_result>;

struct run_tasks {
  std::size_t count = 0;
  std::size_t at_once = 0;
  std::shared_ptr<std::promise<std::vector<double>>> then;
};

} // namespace

} // namespace troupe::benchmarks

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::benchmarks::run_tasks)

namespace troupe::benchmarks {

namespace {

class task_client : public caf::event_based_actor {
public:
  task_client(caf::actor_config& cfg, actors::agent_actor agent,
              actors::wall_clock wall)
      : event_based_actor(cfg), agent_(std::move(agent)), wall_(wall) {}

  caf::behavior make_behavior() override {
    return {
        [this](const run_tasks& it) {
          work_ = it;
          took_.clear();
          took_.reserve(it.count);
          asked_ = 0;
          for (std::size_t i = 0; i < it.at_once; ++i)
            ask();
        },
    };
  }

private:
  perform next() {
    perform it;
    it.head.message = ids_.next(wall_.at(clock().now()));
    it.head.cancel_scope = it.head.message;
    it.head.deadline = wall_.at(clock().now()) + std::chrono::minutes{5};
    it.body.task = "ask";
    it.body.prompt = prompt_;
    return it;
  }

  void ask() {
    if (asked_ == work_.count)
      return;
    ++asked_;
    const auto start = seconds_now();
    request(agent_, caf::infinite, next())
        .then(
            [this, start](const performed&) {
              took_.push_back((seconds_now() - start) * 1e6);
              if (took_.size() == work_.count)
                work_.then->set_value(std::move(took_));
              else
                ask();
            },
            [](const caf::error&) { wrong("a task was not done"); });
  }

  actors::agent_actor agent_;
  actors::wall_clock wall_;
  protocol::id_source ids_{1};
  const std::string prompt_ = std::string(asked_bytes, 'x');
  run_tasks work_;
  std::size_t asked_ = 0;
  std::vector<double> took_;
};

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

link_pass measure_node(const std::string& folder, std::size_t requests) {
  const other_side other{"node", folder};
  const auto it = start_side("a", folder, {other.address()});
  auto& engine = runtime_access::engine_of(it->host());
  actors::agent_actor agent;
  const auto end = seconds_now() + 10;
  while (!(agent = engine.books().stand_ins->find("echo"))) {
    if (seconds_now() > end)
      wrong("the nodes do not find one another");
    std::this_thread::yield();
  }
  const auto [link, status] = node_inside::link_to(*it, "b");
  const auto client = engine.system().spawn<task_client>(
      agent, engine_access::clock_of(engine));
  const auto ask = [&](std::size_t count, std::size_t at_once) {
    auto then = std::make_shared<std::promise<std::vector<double>>>();
    auto all = then->get_future();
    caf::anon_send(client, run_tasks{count, at_once, then});
    return all.get();
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
  caf::anon_send_exit(client, caf::exit_reason::kill);
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
