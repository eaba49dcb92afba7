#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/clock.hpp"
#include "troupe/actors/driving.hpp"
#include "troupe/actors/message_statistics.hpp"
#include "troupe/actors/message_tap.hpp"

#include <caf/actor_system_config.hpp>

#include <cstddef>
#include <memory>

namespace troupe::actors {

/// CAF as troupe needs it: every message type known, one central queue, no
/// actor runs for more than 100 messages at a stretch. Set in code: neither
/// files nor command lines of the host program are read.
struct system_config : caf::actor_system_config {
  /// `threads`: 0 means one per core, at least 2.
  explicit system_config(std::size_t threads = 0);

  /// Of a system that is driven; the seed chooses who takes turns when.
  [[nodiscard]] static system_config of_driven(std::uint64_t seed);

  /// Null: the system runs by itself.
  std::shared_ptr<driving> driven;

  /// Counts the messages of the systems made with this configuration.
  std::shared_ptr<message_statistics> statistics =
      std::make_shared<message_statistics>();

  /// Off, until somebody opens it to record the messages of these systems.
  std::shared_ptr<message_tap> tap = std::make_shared<message_tap>();
};

/// The anchor between a system's monotonic clock and UTC; made once.
[[nodiscard]] wall_clock make_wall_clock(caf::actor_system& system);

/// The same of a driven system, where it is `utc` now. Starts its clock.
[[nodiscard]] wall_clock make_driven_clock(caf::actor_system& system,
                                           protocol::instant utc);

} // namespace troupe::actors
