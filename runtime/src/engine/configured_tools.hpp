#pragma once

#include "http/io_thread.hpp"
#include "providers/secret.hpp"
#include "troupe/runtime/config.hpp"

#include <troupe/actors/model_agent.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace troupe {

/// What tools of a configuration stand on.
struct tool_ground {
  caf::actor_system& system;
  actors::wall_clock clock;
  std::unique_ptr<http::io_thread>& io; ///< Made when it is needed first.
  std::vector<providers::secret>& keys; ///< Gets those of the tools.
};

/// The tools of a configuration that `check_config` has nothing against, by
/// name. Errors: `config_invalid` (a sandbox that is required and not there),
/// and those of keys. Blocking: some milliseconds, at most five seconds.
[[nodiscard]] protocol::result<std::map<std::string, actors::tool>>
make_configured_tools(const std::vector<tool_config>& all,
                      const tool_ground& on);

} // namespace troupe
