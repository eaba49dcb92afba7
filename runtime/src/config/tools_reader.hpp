#pragma once

#include "yaml/mapping.hpp"

#include <troupe/runtime/config.hpp>

#include <filesystem>

namespace troupe::config {

/// Reads `tools`, if it is there; paths become relative to `folder`.
void read_tools(yaml::mapping& top, const std::filesystem::path& folder,
                std::vector<tool_config>& out);

} // namespace troupe::config
