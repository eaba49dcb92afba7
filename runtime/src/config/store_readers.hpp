#pragma once

#include "yaml/mapping.hpp"

#include <troupe/runtime/config.hpp>

/// What a runtime keeps of messages and of shared state, and how it looks after
/// its agents.
namespace troupe::config {

/// `journal_retention`: how long runs stay that have ended.
void read_retention(yaml::mapping& top, protocol::duration& out);

void read_health(yaml::mapping& top, health_config& out);
void read_history(yaml::mapping& top, history_config& out);
void read_state(yaml::mapping& top, state_config& out);

} // namespace troupe::config
