#pragma once

#include <cstdint>
#include <string>

namespace troupe::cluster {

/// What every commit of a node that leads must require, so that one that leads
/// no more changes nothing.
struct leader_fence {
  std::string lease;
  std::uint64_t token = 0;
};

} // namespace troupe::cluster
