#pragma once

#include "leader_keeper.hpp"
#include "shared_state_log.hpp"
#include "state_replica.hpp"

#include <troupe/actors/clock.hpp>

#include <functional>
#include <mutex>

namespace troupe::cluster {

struct shared_tier_config {
  std::string store; ///< URL of what all nodes of the cluster have.
  std::string cluster;
  protocol::duration lease{};
  bool has_ledger = false; ///< The nodes share one.
  std::shared_ptr<const std::atomic<bool>> is_draining;
};

/// What a node has of what its cluster keeps together: it leads when it holds
/// the lease, and knows the way to the leader when it does not. Thread-safe.
class shared_tier {
public:
  explicit shared_tier(shared_tier_config config);
  /// The actor system is still there.
  ~shared_tier();
  shared_tier(const shared_tier&) = delete;
  shared_tier& operator=(const shared_tier&) = delete;

  /// The state store of this node; a supervisor asks for it, maybe again.
  [[nodiscard]] actors::state_store_actor
  make_state(caf::actor_system& system, const actors::wall_clock& clock,
             const actors::state_limits& limits);

  /// From now on it may lead; `on_change` is told when it does, or does no
  /// more, by any thread.
  void begin(caf::actor_system& system, const actors::wall_clock& clock,
             std::function<void()> on_change);
  /// It does not lead any more when this returns.
  void end();

  /// The way to the leader; null until there is a state store, and after it.
  [[nodiscard]] leader_front_actor front() const;
  /// While it leads; else null.
  [[nodiscard]] services_ptr services() const;
  /// The token under which it leads; 0: it does not.
  [[nodiscard]] std::uint64_t leads() const;

  /// Who leads, as far as this node knows.
  void tell(const leader_is& it);

private:
  protocol::result<void> begin_leading(const leader_fence& mine);
  protocol::result<void> open_ledger(const leader_fence& mine,
                                     const std::function<void()>& give_up,
                                     leader_services& to);
  void end_leading();

  const shared_tier_config config_;
  mutable std::mutex mutex_; ///< Guards what follows.
  caf::actor_system* system_ = nullptr;
  actors::wall_clock clock_;
  actors::state_limits limits_;
  leader_front_actor front_;
  state_replica_actor replica_;
  services_ptr services_;
  std::uint64_t token_ = 0; ///< Of `services_`.
  std::shared_ptr<shared_state_log> log_;
  std::function<void()> on_change_;
  std::unique_ptr<leader_keeper> keeper_;
};

} // namespace troupe::cluster
