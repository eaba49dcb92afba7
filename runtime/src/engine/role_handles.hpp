#pragma once

#include <troupe/actors/history.hpp>
#include <troupe/actors/model_agent.hpp>
#include <troupe/actors/rate_board.hpp>
#include <troupe/actors/state_store.hpp>
#include <troupe/actors/supervisor.hpp>
#include <troupe/actors/topic_hub.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace troupe {

/// One handle of each role; null: not started, or not enabled.
struct roles {
  actors::registry_actor registry;
  actors::budget_actor budget; ///< Whom all others ask.
  actors::budget_actor ledger; ///< The same, or who stands behind it.
  std::map<std::string, actors::provider_actor> providers; ///< By name.
  actors::router_actor router;
  actors::router_actor cache;   ///< Before the router.
  actors::router_actor cascade; ///< Before both.
  actors::supervisor_actor agents;
  actors::supervisor_actor runs;
  actors::supervisor_actor tools;
  actors::state_store_actor state;
  actors::topic_hub_actor topics;
  actors::history_actor history;
};

/// The handles of the living roles. Supervisors write them when they start a
/// child. Thread safe.
class role_handles {
public:
  /// The part of the roles that `which` names, as it is now.
  template <class Part>
  [[nodiscard]] Part get(Part roles::*which) const {
    const std::lock_guard lock{mutex_};
    return handles_.*which;
  }

  /// Whom agents send their calls to.
  [[nodiscard]] actors::router_actor front() const {
    const std::lock_guard lock{mutex_};
    return handles_.cache ? handles_.cache : handles_.router;
  }

  /// Returns `handle` again, as what a supervisor watches.
  template <class Handle>
  caf::actor set(Handle roles::*which, const Handle& handle) {
    const std::lock_guard lock{mutex_};
    handles_.*which = handle;
    return caf::actor_cast<caf::actor>(handle);
  }

  caf::actor set_provider(const std::string& name,
                          const actors::provider_actor& handle) {
    const std::lock_guard lock{mutex_};
    handles_.providers.insert_or_assign(name, handle);
    return caf::actor_cast<caf::actor>(handle);
  }

  /// Where providers leave what they are told of limits, for the router.
  [[nodiscard]] const std::shared_ptr<actors::rate_board>& told_rates() const {
    return told_rates_;
  }

  void clear() {
    const std::lock_guard lock{mutex_};
    handles_ = roles{};
  }

private:
  mutable std::mutex mutex_; ///< Guards the handles.
  roles handles_;
  const std::shared_ptr<actors::rate_board> told_rates_ =
      std::make_shared<actors::rate_board>();
};

} // namespace troupe
