#pragma once

#include <troupe/protocol/agent.hpp>
#include <troupe/runtime/agent_function.hpp>

#include <functional>
#include <optional>
#include <string>

namespace troupe::cluster {

/// The most that an agent may take along when it moves.
inline constexpr std::size_t snapshot_bytes_max = std::size_t{16} << 20U;

/// An agent of C++ code that may move.
struct made_agent {
  agent_function code;
  execution where = execution::inline_;
  /// What it knows, for its life on another node; none: it knows nothing.
  /// Called on a thread of the node while no task is under way; an error, or
  /// more than `snapshot_bytes_max`, keeps the agent where it is.
  std::function<protocol::result<std::string>()> save;
};

/// Makes an agent from what `save` has told on another node, or fresh. An error
/// refuses the move. Called on a thread of the node.
using agent_kind = std::function<protocol::result<made_agent>(
    const protocol::agent_card&, const std::optional<std::string>& snapshot)>;

} // namespace troupe::cluster
