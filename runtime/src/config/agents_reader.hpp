#pragma once

#include "yaml/mapping.hpp"

#include <troupe/runtime/config.hpp>

#include <filesystem>

namespace troupe::config {

/// Reads `agents`, if it is there; paths become relative to `folder`.
void read_agents(yaml::mapping& top, const std::filesystem::path& folder,
                 std::vector<program_agent>& out);

} // namespace troupe::config
