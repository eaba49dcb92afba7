#pragma once

#include "leader_fence.hpp"

#include <troupe/actors/durable_store.hpp>
#include <troupe/actors/state_keeper.hpp>
#include <troupe/actors/state_limits.hpp>
#include <troupe/protocol/id.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>

namespace troupe::cluster {

/// The state that the nodes of a cluster share, in a store that all of them
/// have: a key for each of its keys, and a stream of the last commits, whose
/// sequences are the revisions.
class shared_state_log final : public actors::state_keeper {
public:
  struct config {
    std::string cluster;
    leader_fence fence;
    actors::state_limits limits;
    std::function<protocol::instant()> now;
    std::function<bool()> may_serve;
    std::function<void()> on_failure; ///< Nothing more is kept by it.
    std::uint64_t seed = 0;           ///< Of the ids of its commits.
  };

  /// Errors: those of the store; `malformed_message` when its content is not
  /// of a state. Blocking: until all was read.
  [[nodiscard]] static protocol::result<actors::kept_state>
  read(actors::durable_store& from, const std::string& cluster,
       const actors::state_limits& limits);

  /// `revision`: the last that was kept.
  shared_state_log(std::unique_ptr<actors::durable_store> to, config how,
                   std::uint64_t revision);
  ~shared_state_log() override;

  void keep(commits batch, told then) override;
  [[nodiscard]] bool may_serve() const override { return config_.may_serve(); }

  /// Those bounds within which a commit fits into the store.
  [[nodiscard]] static actors::state_limits
  fitting(actors::state_limits limits) noexcept;

private:
  struct job {
    commits batch;
    told then;
  };

  void work(const std::stop_token& stops);
  protocol::result<void> write(const commits& batch);
  protocol::result<void> commit(std::span<const commits::value_type> part);
  [[nodiscard]] std::size_t fits(std::span<const commits::value_type> rest);
  void trim();

  std::unique_ptr<actors::durable_store> store_; ///< The thread's.
  const config config_;
  protocol::id_source ids_;
  std::uint64_t revision_;
  std::deque<std::size_t> sizes_; // of commits; bounded by log_commits
  std::size_t bytes_ = 0;         ///< The sum of these.
  std::size_t untrimmed_ = 0;     ///< Bytes that are to be dropped.
  protocol::instant forgot_{};
  bool has_failed_ = false;
  std::mutex mutex_; ///< Guards what follows.
  std::condition_variable_any changed_;
  std::optional<job> next_;
  std::jthread thread_;
};

} // namespace troupe::cluster
