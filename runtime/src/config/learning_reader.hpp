#pragma once

#include "yaml/mapping.hpp"

#include <troupe/runtime/config.hpp>

#include <filesystem>

namespace troupe::config {

/// Reads `learning`, if it is there; its path becomes relative to `folder`.
void read_learning(yaml::mapping& routing, const std::filesystem::path& folder,
                   learning_config& out);

} // namespace troupe::config
