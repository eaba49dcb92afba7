// How long from a cancel until all is quiet?
//
// A mission of 1,000 tasks, all under way at once, each a model call that takes
// ten minutes and streams its answer. One cancel of the run; quiet is when the
// report is there: every provider call ended, every agent answered, every
// reservation settled. Nobody publishes such a figure; the floor is the same
// mission's time to start all tasks.
#include "layers.hpp"
#include "measure.hpp"

#include <troupe/actors/model_agent.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <future>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;

constexpr double goal_ms = 100;
constexpr std::chrono::seconds patience{60};

/// Tells when all tasks have started and when the run has ended.
class watch : public actors::event_sink {
public:
  explicit watch(std::uint32_t tasks) : left_(tasks) {}

  void on_event(protocol::run_event event) noexcept override {
    if (event.kind == protocol::event_kind::task_started && --left_ == 0)
      started.set_value(seconds_now());
  }
  void on_end(protocol::run_report report) noexcept override {
    ended_at = seconds_now();
    ended.set_value(std::move(report));
  }

  std::promise<double> started;
  std::promise<protocol::run_report> ended;
  double ended_at = 0;

private:
  std::uint32_t left_;
};

struct figures {
  double start_ms = 0;
  double quiet_ms = 0;
};

actors::router_actor spawn_models(stage& on) {
  actors::simulated_provider_config provider;
  provider.fixed_latency = std::chrono::minutes{10};
  provider.calls_max = 100'000;
  protocol::model_spec model;
  model.id = model.wire_name = "simulated/basic";
  model.context_tokens = 100'000;
  model.output_tokens = 8'000;
  return spawn_simulated_router(on, std::move(provider), std::move(model));
}

protocol::mission mission_of(std::uint32_t tasks) {
  protocol::mission mission;
  mission.name = "cancel";
  mission.concurrency = tasks;
  for (std::uint32_t i = 0; i < tasks; ++i) {
    protocol::task_spec task;
    task.id = "t" + std::to_string(i);
    task.agent = "worker";
    task.prompt = "Write about " + task.id + ".";
    task.timeout = std::chrono::hours{1};
    mission.tasks.push_back(std::move(task));
  }
  return mission;
}

figures measure(std::uint32_t tasks) {
  stage on;
  const auto router = spawn_models(on);
  protocol::agent_spec spec;
  spec.card.name = "worker";
  actors::model_agent_config config;
  config.spec = std::make_shared<const protocol::agent_spec>(spec);
  config.router = router;
  config.tasks_max = tasks;
  config.clock = on.clock();
  const auto agent =
      on.add(actors::spawn_model_agent(on.system(), std::move(config)));
  auto run = on.run_of(mission_of(tasks), {{agent, "worker"}});
  auto sink = std::make_shared<watch>(tasks);
  run.sink = sink;
  const auto scope = run.run;
  auto started = sink->started.get_future();
  auto ended = sink->ended.get_future();
  const auto begin = seconds_now();
  const auto coordinator =
      actors::spawn_coordinator(on.system(), std::move(run));
  if (started.wait_for(patience) != std::future_status::ready)
    wrong("the tasks did not start");
  figures out;
  out.start_ms = (started.get() - begin) * 1e3;
  const auto cancelled = seconds_now();
  protocol::coordination<protocol::cancel> stop;
  stop.body = {scope, "measured"};
  caf::anon_send(coordinator, stop);
  if (ended.wait_for(patience) != std::future_status::ready)
    wrong("the run did not end");
  const auto report = ended.get();
  out.quiet_ms = (sink->ended_at - cancelled) * 1e3;
  const auto is_cancelled = [](const auto& it) {
    return it.state == protocol::task_state::cancelled;
  };
  if (report.state != protocol::run_state::cancelled
      || !std::all_of(report.tasks.begin(), report.tasks.end(), is_cancelled))
    wrong("not all tasks were cancelled");
  return out;
}

} // namespace

int main(int argc, char** argv) {
  const options option{argc,
                       argv,
                       "How long from a cancel of a run with 1,000 open model "
                       "calls until all is quiet? Some 10 seconds.",
                       {{"rounds", 50, "runs that are cancelled"},
                        {"tasks", 1'000, "of a run, all under way"}}};
  print_machine();
  std::vector<double> start, quiet;
  for (std::int64_t i = 0; i < std::max<std::int64_t>(option["rounds"], 1);
       ++i) {
    const auto it = measure(static_cast<std::uint32_t>(option["tasks"]));
    start.push_back(it.start_ms);
    quiet.push_back(it.quiet_ms);
  }
  auto sorted = quiet;
  std::sort(sorted.begin(), sorted.end());
  const auto p99 = sorted[(sorted.size() - 1) * 99 / 100];
  print_row("to start all tasks", spread_of(start), "ms");
  print_row("from cancel to quiet", spread_of(quiet), "ms");
  print_goal("cancel to quiet, p99", p99, goal_ms, "ms");
}
