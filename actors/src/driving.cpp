#include "troupe/actors/driving.hpp"

#include "random.hpp"
#include "troupe/actors/system_config.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>

namespace troupe::actors {

namespace {

/// Any of those that have something to do.
void choose_next(caf::scheduler::test_coordinator& scheduler,
                 std::uint64_t& turns) {
  auto& jobs = scheduler.jobs;
  if (jobs.size() < 2)
    return;
  const auto which = next_random(turns) % jobs.size();
  std::swap(jobs.front(), jobs[which]);
}

} // namespace

driving* driving_of(caf::actor_system& system) {
  const auto* config = dynamic_cast<const system_config*>(&system.config());
  return config == nullptr ? nullptr : config->driven.get();
}

bool drive(caf::actor_system& system, caf::timespan patience,
           const std::function<bool()>& is_done) {
  auto& how = *driving_of(system);
  auto& scheduler =
      dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  auto& clock = scheduler.clock();
  const auto until = clock.now() + patience;
  for (;;) {
    if (is_done())
      return true;
    if (how.is_halted)
      return false;
    if (scheduler.has_job()) {
      if (how.before_turn && !how.before_turn()) {
        how.is_halted = true;
        continue;
      }
      choose_next(scheduler, how.turns);
      scheduler.run_once();
      continue;
    }
    const auto& timers = clock.schedule();
    if (timers.empty() || timers.begin()->first > until) {
      clock.current_time = std::max(clock.current_time, until);
      return is_done();
    }
    clock.trigger_timeout();
  }
}

} // namespace troupe::actors
