#pragma once

#include "peer_watch.hpp"

#include <atomic>
#include <cstdint>

namespace troupe::cluster {

/// How much a node does. Thread safety: any thread.
struct load_board {
  std::uint32_t capacity = 1;           ///< Tasks it does well at one time.
  std::atomic<std::uint32_t> local{0};  ///< Tasks of this node, done here.
  std::atomic<std::uint32_t> remote{0}; ///< Tasks of others, done here.
};

/// What is known of a peer, for those who place tasks and for people. Written
/// by its link. Thread safety: any thread.
struct link_status {
  std::atomic<peer_state> state{peer_state::joining};
  std::atomic<bool> is_draining{false};
  std::atomic<std::uint32_t> capacity{1};
  /// Tasks that it does for itself and for third nodes.
  std::atomic<std::uint32_t> busy_with_others{0};
  std::atomic<std::uint32_t> open{0};      ///< Tasks of this node, asked of it.
  std::atomic<std::uint32_t> under_way{0}; ///< Its tasks, done here.
  std::atomic<std::uint64_t> sent{0};      ///< Numbered frames.
  std::atomic<std::uint64_t> received{0};
  std::atomic<std::uint64_t> repeated{0}; ///< That came twice.
  std::atomic<std::uint64_t> gaps{0};
  std::atomic<std::uint64_t> late{0};          ///< Answers nobody waited for.
  std::atomic<std::uint64_t> connections{0};   ///< That have come about.
  std::atomic<std::uint64_t> given_up{0};      ///< How often.
  std::atomic<std::uint32_t> round_trip_us{0}; ///< Of the last ping.
};

} // namespace troupe::cluster
