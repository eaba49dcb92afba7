#pragma once

#include "troupe/runtime/tool_config.hpp"

#include <string>

namespace troupe::test {

/// A tool named `probe` behind which a script stands, without a sandbox.
[[nodiscard]] inline tool_config shell_tool(const std::string& script) {
  tool_config config;
  config.name = "probe";
  config.description = "Probes the depth";
  config.run = {"sh", "-c", script};
  config.timeout = std::chrono::minutes{1};
  config.sandbox = sandbox_use::none;
  return config;
}

} // namespace troupe::test
