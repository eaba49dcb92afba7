#pragma once

#include <troupe/protocol/envelope.hpp>
#include <troupe/protocol/result.hpp>
#include <troupe/protocol/state_commit.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace troupe::actors {

/// What a state store has left behind for the next one of its name.
struct kept_state {
  std::uint64_t revision = 0;
  std::vector<protocol::state_entry> entries; ///< That exist.
  /// The last commits, up to `revision`, without a gap: for followers that go
  /// on from an earlier one. May be none.
  std::vector<protocol::state_update> commits;
};

/// Keeps the commits of a state store for good, before anybody is told of them.
/// Called by the store's actor, which it must not block.
class state_keeper {
public:
  using commits = std::vector<std::shared_ptr<const protocol::state_update>>;
  using told = std::function<void(protocol::result<void>)>;

  state_keeper() = default;
  state_keeper(const state_keeper&) = delete;
  state_keeper& operator=(const state_keeper&) = delete;
  virtual ~state_keeper() = default;

  /// Keeps all of them or none, behind those before; `then` is told of it by
  /// any thread. One batch at a time. With an error nobody knows whether they
  /// are kept, and no more may be.
  virtual void keep(commits batch, told then) = 0;

  /// Whether this store is still the one that speaks for the state.
  [[nodiscard]] virtual bool may_serve() const = 0;
};

} // namespace troupe::actors
