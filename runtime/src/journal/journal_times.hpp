#pragma once

#include <string>

namespace troupe {

/// Where the times of a mission's tasks are kept.
[[nodiscard]] std::string times_key(const std::string& mission);

} // namespace troupe
