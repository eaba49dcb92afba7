#include "layers.hpp"

#include "measure.hpp"

#include <troupe/protocol/token_counter.hpp>

#include <caf/all.hpp>

#include <future>

namespace troupe::benchmarks {

namespace {

/// Counts events and hands the report over.
class counting_sink final : public actors::event_sink {
public:
  void on_event(protocol::run_event event) noexcept override {
    gap_ = gap_ || event.sequence != ++events_;
  }
  void on_end(protocol::run_report report) noexcept override {
    if (gap_)
      report.state = protocol::run_state::failed;
    report_.set_value(std::move(report));
  }
  std::future<protocol::run_report> report() { return report_.get_future(); }

private:
  std::promise<protocol::run_report> report_;
  std::uint64_t events_ = 0;
  bool gap_ = false;
};

constexpr std::chrono::minutes patience{5};

} // namespace

stage::stage(std::size_t threads)
    : config_(threads), system_(config_),
      clock_(actors::make_wall_clock(system_)), ids_(7) {
  registry_ = add(actors::spawn_registry(system_, {2'000'000, clock_, 1}));
  budget_ = add(actors::spawn_budget_manager(system_, {clock_, 2}));
}

stage::~stage() {
  for (auto& it : actors_)
    caf::anon_send_exit(it, caf::exit_reason::user_shutdown);
}

actors::coordinator_config
stage::run_of(protocol::mission mission,
              const std::vector<actors::assignment>& staff) {
  std::map<std::string, const actors::assignment*> by_name;
  for (const auto& it : staff)
    by_name.emplace(it.name, &it);
  actors::coordinator_config config;
  for (const auto& task : mission.tasks)
    config.assignments.push_back(*by_name.at(task.agent));
  config.estimates.resize(mission.tasks.size());
  config.mission = std::move(mission);
  config.run = ids_.next(clock_.at(system_.clock().now()));
  config.account = "benchmark/" + to_string(config.run);
  config.registry = registry_;
  config.budget = budget_;
  config.clock = clock_;
  config.seed = 1;
  caf::anon_send(budget_, protocol::request<protocol::open_account>{
                              {}, {config.account, protocol::money::max()}});
  return config;
}

protocol::run_report stage::run(actors::coordinator_config config) {
  auto sink = std::make_shared<counting_sink>();
  auto report = sink->report();
  config.sink = std::move(sink);
  const auto coordinator =
      actors::spawn_coordinator(system_, std::move(config));
  if (report.wait_for(patience) != std::future_status::ready)
    wrong("a run did not end");
  return report.get();
}

actors::router_actor
spawn_simulated_router(stage& on, actors::simulated_provider_config provider,
                       protocol::model_spec model) {
  provider.clock = on.clock();
  actors::router_config config;
  config.calls_max = provider.calls_max;
  model.provider = "simulated";
  config.models.push_back(std::move(model));
  config.providers["simulated"] = on.add(
      actors::spawn_simulated_provider(on.system(), std::move(provider)));
  config.budget = on.budget();
  config.counter = std::make_shared<protocol::token_estimator>();
  config.clock = on.clock();
  config.seed = 3;
  return on.add(actors::spawn_router(on.system(), std::move(config)));
}

} // namespace troupe::benchmarks
