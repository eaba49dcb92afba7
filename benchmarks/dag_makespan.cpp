// How near does a run come to the best time its tasks allow?
//
// A random DAG of 1,000 tasks, always the same. Three cases: model agents whose
// calls go through router, budget manager and the simulated provider and take
// 50 ms each, at most 5 at one time; and agents that answer after 10 to 190 ms,
// at most 5 and at most 64 at one time. The ideal is a greedy list schedule
// (lowest number first) that costs nothing; the bound is what no schedule can
// pass: the longest chain, or all work shared by all places. The floor is a
// thread that waits through the ideal schedule at the same time.
#include "layers.hpp"
#include "measure.hpp"
#include "task_graph.hpp"

#include <troupe/actors/model_agent.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <future>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;
using std::chrono::milliseconds;

constexpr std::uint32_t model_ms = 50;

using timer_agent_base = actors::agent_actor::extend<
    caf::reacts_to<caf::tick_atom, std::uint64_t>>::base;

/// An agent that answers after as many milliseconds as its prompt says.
class timer_agent : public timer_agent_base {
  using ask = protocol::request<protocol::perform_task>;
  using answer = protocol::response<protocol::task_result>;

public:
  using timer_agent_base::timer_agent_base;

  behavior_type make_behavior() override {
    return {
        [this](const ask& msg) {
          auto& entry = open_[++last_];
          entry.head = msg.head;
          entry.promise = make_response_promise<answer>();
          delayed_send(this, milliseconds{std::stoi(msg.body.prompt)},
                       caf::tick_atom_v, last_);
          return entry.promise;
        },
        [](const protocol::coordination<protocol::cancel>&) {},
        [](const protocol::notification<protocol::announcement>&) {},
        [this](caf::tick_atom, std::uint64_t key) {
          auto& entry = open_.at(key);
          answer reply{answer_to(entry.head, {}), {}};
          reply.body.output = "ok";
          entry.promise.deliver(std::move(reply));
          open_.erase(key);
        },
    };
  }

private:
  struct pending {
    protocol::header head;
    caf::typed_response_promise<answer> promise;
  };
  std::map<std::uint64_t, pending> open_;
  std::uint64_t last_ = 0;
};

protocol::mission mission_of(const task_graph& all, std::uint32_t cap,
                             std::size_t agents) {
  protocol::mission mission;
  mission.name = "dag";
  mission.concurrency = cap;
  for (std::uint32_t i = 0; i < task_count; ++i) {
    protocol::task_spec task;
    task.id = "t" + std::to_string(i);
    task.agent = "agent-" + std::to_string(i % agents);
    task.prompt = std::to_string(all.delay_ms[i]);
    task.output_tokens_max = 64;
    for (const auto need : all.needs[i])
      task.needs.push_back("t" + std::to_string(need));
    mission.tasks.push_back(std::move(task));
  }
  return mission;
}

std::vector<actors::assignment> timer_agents(stage& on) {
  return {{on.add(caf::actor_cast<actors::agent_actor>(
               on.system().spawn<timer_agent>())),
           "agent-0"}};
}

actors::router_actor make_router(stage& on) {
  actors::simulated_provider_config provider;
  provider.fixed_latency = milliseconds{model_ms};
  protocol::model_spec model;
  model.id = "simulated/basic";
  model.wire_name = "basic";
  model.context_tokens = 128'000;
  model.prices.resize(1);
  model.prices[0].input = model.prices[0].output =
      protocol::money{2'000'000'000};
  return spawn_simulated_router(on, std::move(provider), std::move(model));
}

std::vector<actors::assignment> model_agents(stage& on, std::size_t count) {
  const auto router = make_router(on);
  std::vector<actors::assignment> staff;
  for (std::size_t i = 0; i < count; ++i) {
    protocol::agent_spec spec;
    spec.card.name = "agent-" + std::to_string(i);
    spec.instructions = "You answer in one short sentence.";
    actors::model_agent_config config;
    config.spec = std::make_shared<const protocol::agent_spec>(spec);
    config.router = router;
    config.clock = on.clock();
    config.seed = 10 + i;
    staff.push_back(
        {on.add(actors::spawn_model_agent(on.system(), std::move(config))),
         spec.card.name});
  }
  return staff;
}

struct test_case {
  const char* title;
  std::uint32_t cap;
  bool is_model;
  std::uint32_t ideal_ms; ///< As known from elsewhere, to check `ideal`.
  double goal;
};

void check(const protocol::run_report& report, bool is_model) {
  bool all_done = report.state == protocol::run_state::done
                  && report.tasks.size() == task_count
                  && report.simulated == is_model;
  std::map<std::string, protocol::instant> ends;
  for (const auto& it : report.tasks) {
    all_done = all_done && it.state == protocol::task_state::done
               && it.attempts == 1 && !it.output.empty();
    for (const auto& need : it.needs)
      all_done = all_done && it.started >= ends[need];
    ends[it.task] = it.finished;
  }
  if (!all_done)
    wrong("not all tasks are done, once and after what they need");
}

struct outcome {
  std::vector<double> floor, made, ratio, to_floor, cpu;
};

void run_once(const task_graph& all, const test_case& it,
              const std::vector<std::uint32_t>& times, double best,
              outcome& out) {
  stage on; // a new one: the simulated provider remembers its calls
  const std::size_t agents = it.is_model ? 8 : 1;
  const auto staff = it.is_model ? model_agents(on, agents) : timer_agents(on);
  auto config = on.run_of(mission_of(all, it.cap, agents), staff);
  // At the same time, so that both meet the same noise.
  auto floor = std::async(std::launch::async,
                          [&] { return wait_through(all, times, it.cap); });
  const auto cpu_before = cpu_seconds();
  const auto report = on.run(std::move(config));
  const auto least = floor.get();
  out.cpu.push_back((cpu_seconds() - cpu_before) * 1e6 / task_count
                    - least.cpu_us);
  check(report, it.is_model);
  const std::chrono::duration<double, std::milli> took =
      report.finished - report.started;
  out.floor.push_back(least.makespan_ms);
  out.made.push_back(took.count());
  out.ratio.push_back(took.count() / best);
  out.to_floor.push_back(took.count() / least.makespan_ms);
}

void print_ratio(const char* what, const spread& value) {
  std::printf("%-44s %.4f [%.4f..%.4f]\n", what, value.median, value.min,
              value.max);
}

void run_case(const task_graph& all, const test_case& it, std::int64_t rounds) {
  const auto times = it.is_model
                         ? std::vector<std::uint32_t>(task_count, model_ms)
                         : all.delay_ms;
  const auto best = static_cast<std::uint32_t>(
      list_schedule(all, times, it.cap, [](double due) { return due; }));
  if (best != it.ideal_ms)
    wrong("the ideal is " + std::to_string(best));
  std::printf("%s, ideal %u ms, bound %u ms:\n", it.title, best,
              bound(all, times, it.cap));
  outcome all_rounds;
  for (std::int64_t i = 0; i < rounds; ++i)
    run_once(all, it, times, best, all_rounds);
  print_row("  floor: one thread that only waits", spread_of(all_rounds.floor),
            "ms", "at the same time");
  print_row("  makespan", spread_of(all_rounds.made), "ms");
  const auto over = spread_of(all_rounds.ratio);
  print_ratio("  makespan / ideal", over);
  print_ratio("  makespan / floor", spread_of(all_rounds.to_floor));
  print_row("  CPU", spread_of(all_rounds.cpu), "us a task");
  print_goal("makespan / ideal", over.median, it.goal, "");
}

double makespan_in(const task_graph& all, protocol::schedule order,
                   std::uint32_t cap) {
  stage on;
  auto mission = mission_of(all, cap, 1);
  mission.order = order;
  const auto report = on.run(on.run_of(std::move(mission), timer_agents(on)));
  check(report, false);
  return std::chrono::duration<double, std::milli>{report.finished
                                                   - report.started}
      .count();
}

/// What is won by starting a task when its own needs are met.
void compare_orders(const task_graph& all, std::int64_t rounds) {
  constexpr std::uint32_t cap = 64;
  std::vector<double> eager, waves, ratio;
  for (std::int64_t i = 0; i < rounds; ++i) {
    eager.push_back(makespan_in(all, protocol::schedule::eager, cap));
    waves.push_back(makespan_in(all, protocol::schedule::waves, cap));
    ratio.push_back(waves.back() / eager.back());
  }
  std::printf("timer agents, 10 to 190 ms, cap %u, by order:\n", cap);
  print_row("  eager", spread_of(eager), "ms");
  print_row("  in waves", spread_of(waves), "ms");
  print_ratio("  waves / eager", spread_of(ratio));
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "How near does a run of 1,000 tasks come to the best time its tasks "
      "allow?\nSome 110 seconds; the last case compares eager "
      "with waves.",
      {{"rounds", 3, "runs of each case"},
       {"case", 0, "only this case, 1 to 4; 0: all"}}};
  print_machine();
  const auto all = make_graph();
  std::printf("graph: %zu %" PRIx64 "\n", all.edges, all.hash);
  const test_case cases[] = {
      {"model agents, 50 ms a call, cap 5", 5, true, 10'000, 1.005},
      {"timer agents, 10 to 190 ms, cap 5", 5, false, 20'015, 1.005},
      {"timer agents, 10 to 190 ms, cap 64", 64, false, 2'169, 1.05}};
  const auto rounds = std::max<std::int64_t>(option["rounds"], 1);
  for (std::int64_t i = 0; i < 3; ++i)
    if (option["case"] == 0 || option["case"] == i + 1)
      run_case(all, cases[i], rounds);
  if (option["case"] == 0 || option["case"] == 4)
    compare_orders(all, rounds);
  return 0;
}
