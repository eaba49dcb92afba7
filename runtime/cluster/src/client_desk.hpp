#pragma once

#include "connection.hpp"
#include "node_actor.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

namespace troupe::cluster {

class queue_worker;

/// Serves the clients of a node, each on a thread of its own. Thread safety:
/// any thread.
class client_desk {
public:
  static constexpr std::size_t clients_max = 64;

  client_desk(runtime& host, node_actor node,
              std::shared_ptr<const std::atomic<bool>> is_draining, hello mine,
              std::shared_ptr<agent_desk> agents, queue_worker* queue);
  ~client_desk() { close(); }
  client_desk(const client_desk&) = delete;
  client_desk& operator=(const client_desk&) = delete;

  /// More than `clients_max` are told so and cut.
  void serve(std::shared_ptr<connection> it, const hello& theirs);

  /// Ends what clients follow; waits for their threads.
  void close();

private:
  class guest;
  struct chair {
    std::shared_ptr<guest> who;
    std::thread thread;
  };

  runtime& host_;
  node_actor node_;
  std::shared_ptr<const std::atomic<bool>> is_draining_;
  hello mine_;
  std::shared_ptr<agent_desk> agents_;
  queue_worker* queue_;                  ///< Null: no journal is shared.
  std::mutex mutex_;                     ///< Guards what follows.
  std::map<std::uint64_t, chair> seats_; // bounded by clients_max
  std::uint64_t last_ = 0;
  bool is_closed_ = false;
};

} // namespace troupe::cluster
