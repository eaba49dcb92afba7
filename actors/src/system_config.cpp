#include "troupe/actors/system_config.hpp"

#include "job_queue.hpp"

#include <caf/actor_system.hpp>
#include <caf/scheduler/coordinator.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <thread>

namespace troupe::actors {

namespace {

/// Of ours, unless a test has asked for CAF's own, which moves by hand.
caf::actor_system::module* make_scheduler(caf::actor_system& system) {
  const auto policy =
      caf::get_or(system.config(), "scheduler.policy", caf::atom("troupe"));
  if (policy == caf::atom("testing"))
    return new caf::scheduler::test_coordinator(system);
  return new caf::scheduler::coordinator<shared_jobs>(system);
}

} // namespace

system_config::system_config(std::size_t threads) {
  if (threads == 0)
    threads = std::max(2U, std::thread::hardware_concurrency());
  add_message_types<caf::id_block::troupe>();
  module_factories.emplace_back(make_scheduler);
  set("scheduler.max-threads", threads);
  set("scheduler.max-throughput", std::size_t{100});
  add_error_category(caf::atom("troupe"), [](std::uint8_t code, caf::atom_value,
                                             const caf::message&) {
    return std::string(to_string(static_cast<protocol::errc>(code)));
  });
}

system_config system_config::of_driven(std::uint64_t seed) {
  system_config it{1};
  it.set("scheduler.policy", caf::atom("testing"));
  it.set("logger.inline-output", true);
  it.driven = std::make_shared<driving>(driving{seed, {}, false});
  return it;
}

wall_clock make_driven_clock(caf::actor_system& system, protocol::instant utc) {
  auto& clock =
      dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())
          .clock();
  // CAF takes a time of zero for "unset".
  clock.current_time += std::chrono::hours{1};
  return {utc, clock.now()};
}

wall_clock make_wall_clock(caf::actor_system& system) {
  return {std::chrono::time_point_cast<protocol::duration>(
              std::chrono::system_clock::now()),
          system.clock().now()};
}

} // namespace troupe::actors
