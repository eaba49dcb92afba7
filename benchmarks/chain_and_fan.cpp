// What does the orchestration of one task cost, when the task itself is
// nothing?
//
// A chain of 100 tasks and a fan 1 -> 1,000 -> 1 of trivial C++ tasks, through
// three layers of the same process: bare CAF (the floor: the same requests to
// one typed actor, no headers, deadlines, events or report), the coordinator
// with an agent (the actors layer), and the facade, which also checks and plans
// the mission, finds the agent, opens an account and keeps the events.
#include "layers.hpp"
#include "measure.hpp"

#include <troupe/actors/function_agent.hpp>
#include <troupe/runtime/runtime.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <cstdio>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;

constexpr double goal_us = 3;
constexpr std::chrono::seconds patience{60};

protocol::task_spec task_of(std::string id, std::vector<std::string> needs) {
  protocol::task_spec task;
  task.id = std::move(id);
  task.agent = "worker";
  task.prompt = "x";
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

protocol::mission fan(std::size_t width, std::uint32_t concurrency) {
  protocol::mission mission;
  mission.name = "fan";
  mission.concurrency = concurrency;
  mission.tasks.push_back(task_of("first", {}));
  std::vector<std::string> middle;
  for (std::size_t i = 0; i < width; ++i) {
    middle.push_back("m" + std::to_string(i));
    mission.tasks.push_back(task_of(middle.back(), {"first"}));
  }
  mission.tasks.push_back(task_of("last", middle));
  return mission;
}

void check(const protocol::run_report& report, std::size_t tasks) {
  const auto is_done = [](const auto& it) {
    return it.state == protocol::task_state::done && it.output == "ok";
  };
  if (report.state != protocol::run_state::done || report.tasks.size() != tasks
      || !std::all_of(report.tasks.begin(), report.tasks.end(), is_done))
    wrong("not all tasks are done");
}

using echo_actor = caf::typed_actor<caf::replies_to<int>::with<int>>;
using driver_actor = caf::typed_actor<caf::replies_to<int, bool>::with<int>>;

/// Sends requests to one worker, one after the other or all at once.
class driver : public driver_actor::base {
public:
  driver(caf::actor_config& cfg, echo_actor worker)
      : driver_actor::base(cfg), worker_(std::move(worker)) {}

  behavior_type make_behavior() override {
    return {
        [this](int count, bool is_chain) -> caf::result<int> {
          left_ = count;
          sum_ = 0;
          is_chain_ = is_chain;
          promise_ = make_response_promise<int>();
          for (int i = 0; i < (is_chain ? 1 : count); ++i)
            ask();
          return promise_;
        },
    };
  }

  void on_exit() override { worker_ = nullptr; }

private:
  void ask() {
    request(worker_, caf::infinite, 1).then([this](int x) {
      sum_ += x;
      if (--left_ == 0)
        promise_.deliver(sum_);
      else if (is_chain_)
        ask();
    });
  }

  echo_actor worker_;
  caf::typed_response_promise<int> promise_;
  int left_ = 0;
  int sum_ = 0;
  bool is_chain_ = false;
};

/// Each layer with a function that does one run and returns its seconds.
class bare_caf {
public:
  explicit bare_caf(caf::actor_system& system) : self_(system) {
    worker_ = system.spawn([]() -> echo_actor::behavior_type {
      return {[](int x) {
        return x;
      }};
    });
    driver_ = system.spawn<driver>(worker_);
  }

  ~bare_caf() {
    self_->send_exit(driver_, caf::exit_reason::user_shutdown);
    self_->send_exit(worker_, caf::exit_reason::user_shutdown);
  }

  double run(int count, bool is_chain) {
    const auto begin = seconds_now();
    int sum = 0;
    self_->request(driver_, patience, count, is_chain)
        .receive([&](int x) { sum = x; }, [](const caf::error&) {});
    const auto took = seconds_now() - begin;
    if (sum != count)
      wrong("bare CAF has lost requests");
    return took;
  }

private:
  caf::scoped_actor self_;
  echo_actor worker_;
  driver_actor driver_;
};

class actors_layer {
public:
  explicit actors_layer(std::size_t threads) : stage_(threads) {
    actors::function_agent_config config;
    config.name = "worker";
    config.clock = stage_.clock();
    config.code = [](const actors::task_work&)
        -> protocol::result<protocol::task_result> {
      protocol::task_result outcome;
      outcome.output = "ok";
      return outcome;
    };
    agent_ = stage_.add(
        actors::spawn_function_agent(stage_.system(), std::move(config)));
  }

  double run(const protocol::mission& mission) {
    auto config = stage_.run_of(mission, {{agent_, "worker"}});
    const auto begin = seconds_now();
    const auto report = stage_.run(std::move(config));
    const auto took = seconds_now() - begin;
    check(report, mission.tasks.size());
    return took;
  }

  caf::actor_system& system() { return stage_.system(); }

private:
  stage stage_;
  actors::agent_actor agent_;
};

class facade {
public:
  explicit facade(std::uint32_t threads)
      : host_(troupe::runtime::create(config_with(threads))) {
    protocol::agent_card card;
    card.name = "worker";
    if (!host_
        || !host_->add_agent(
            card,
            [](const troupe::task_view&) -> protocol::result<std::string> {
              return std::string{"ok"};
            }))
      wrong("the runtime did not start");
  }

  double run(const protocol::mission& mission) {
    auto copy = mission;
    const auto begin = seconds_now();
    const auto report = host_->run(std::move(copy));
    const auto took = seconds_now() - begin;
    if (!report)
      wrong(report.error().detail);
    check(*report, mission.tasks.size());
    return took;
  }

private:
  static troupe::runtime_config config_with(std::uint32_t threads) {
    troupe::runtime_config config;
    config.threads = threads;
    return config;
  }

  protocol::result<troupe::runtime> host_;
};

/// Microseconds per task by layer: the median of each round.
struct figures {
  std::vector<double> floor, actors, facade;
};

template <class Run>
double per_task(std::int64_t runs, std::size_t tasks, Run run) {
  std::vector<double> all;
  for (std::int64_t i = 0; i < runs; ++i)
    all.push_back(run() * 1e6 / static_cast<double>(tasks));
  return spread_of(std::move(all)).median;
}

void print(const char* title, const figures& all) {
  std::printf("%s, per task:\n", title);
  print_row("  floor: bare CAF", spread_of(all.floor), "us");
  print_row("  coordinator and agent", spread_of(all.actors), "us");
  print_row("  facade", spread_of(all.facade), "us");
  std::vector<double> ratios;
  for (std::size_t i = 0; i < all.floor.size(); ++i)
    ratios.push_back(all.facade[i] / all.floor[i]);
  print_row("  facade / floor", spread_of(std::move(ratios)), "times");
  print_goal("facade", spread_of(all.facade).median, goal_us, "us");
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What does the orchestration of one trivial task cost, in a chain of 100 "
      "and in a\nfan 1 -> 1,000 -> 1? Some 10 seconds.",
      {{"rounds", 5, "medians that each figure is made of"},
       {"runs", 200, "chains per round and layer; a tenth as many fans"},
       {"cap", 1'000, "tasks of the fan at one time"},
       {"threads", 0, "that run actors; 0: one a core, at least 2"},
       {"only", 0,
        "1: the actors layer alone; 2: the facade (for profilers)"}}};
  print_machine();
  const auto line = chain(100);
  const auto star = fan(1'000, static_cast<std::uint32_t>(option["cap"]));
  const auto runs = std::max<std::int64_t>(option["runs"], 1);
  const auto fans = std::max<std::int64_t>(runs / 10, 1);
  const auto only = option["only"];
  const auto threads = static_cast<std::uint32_t>(option["threads"]);
  actors_layer layer{threads};
  facade host{threads};
  bare_caf floor{layer.system()};
  figures of_chain, of_fan;
  const auto measure = [&](figures& out, const protocol::mission& mission,
                           std::int64_t count, bool is_chain) {
    const auto tasks = mission.tasks.size();
    out.floor.push_back(per_task(count, tasks, [&] {
      return floor.run(static_cast<int>(tasks), is_chain);
    }));
    if (only != 2)
      out.actors.push_back(
          per_task(count, tasks, [&] { return layer.run(mission); }));
    if (only != 1)
      out.facade.push_back(
          per_task(count, tasks, [&] { return host.run(mission); }));
  };
  for (std::int64_t i = 0; i < std::max<std::int64_t>(option["rounds"], 1);
       ++i) {
    measure(of_chain, line, runs, true);
    measure(of_fan, star, fans, false);
  }
  if (only != 0)
    return 0;
  print("chain of 100", of_chain);
  print("fan 1 -> 1,000 -> 1", of_fan);
  return 0;
}
