#pragma once

#include "troupe/runtime/agent_process.hpp"

namespace troupe::test {

/// The program of tests/isolated, which hosts the agent `pilot`.
[[nodiscard]] inline agent_process_options isolated_agent() {
  agent_process_options it;
  it.command = {TROUPE_BINARY_DIR "/tests/bin/troupe_isolated_agent"};
  it.environment = {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS"};
  return it;
}

} // namespace troupe::test
