#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"
#include "troupe/protocol/time.hpp"

#include <cstdint>
#include <string>

namespace troupe {

/// A mission of a cluster's queue. Those that have ended are not in it: the
/// journal tells of their runs.
struct queued_mission {
  protocol::id run{}; ///< The id that its run has, or will have.
  std::string mission{};
  std::string state{};      ///< `waiting`, `running`, `set_aside`.
  std::string node{};       ///< That has claimed it last.
  std::uint32_t claims = 0; ///< How often it was given to a node.
  protocol::instant submitted{};
  std::string why{}; ///< Of `set_aside`, or of the last try.
};
BOOST_DESCRIBE_STRUCT(queued_mission, (),
                      (run, mission, state, node, claims, submitted, why))

} // namespace troupe
