#pragma once

#include "troupe/protocol/describe.hpp"

#include <cstdint>
#include <string>

namespace troupe {

/// A node as another one sees it.
struct node_view {
  std::string name;
  std::string address;
  std::string state; ///< `self`, `joining`, `up`, `suspect`, `down`.
  std::string release;
  std::uint32_t schema = 0;   ///< Of messages: major * 256 + minor.
  std::uint32_t link_min = 0; ///< Forms of links that it speaks.
  std::uint32_t link_max = 0;
  bool is_draining = false;
  bool leads = false; ///< Has what only one node of the cluster may.
  std::uint32_t capacity = 1;
  std::uint32_t busy = 0;   ///< Tasks under way.
  std::uint32_t asked = 0;  ///< Of these, those of the node that tells.
  std::uint32_t agents = 0; ///< Of its own.
  std::uint32_t round_trip_us = 0;
  std::uint64_t connections = 0; ///< That have come about.
  std::uint64_t given_up = 0;    ///< How often it was.
  std::uint64_t repeated = 0;    ///< Frames that came twice, and were dropped.
};
BOOST_DESCRIBE_STRUCT(node_view, (),
                      (name, address, state, release, schema, link_min,
                       link_max, is_draining, leads, capacity, busy, asked,
                       agents, round_trip_us, connections, given_up, repeated))

} // namespace troupe
