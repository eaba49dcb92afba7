#pragma once

#include <chrono>

namespace troupe::actors {

/// A disk that takes longer is treated as one that fails.
inline constexpr std::chrono::seconds journal_patience{60};

} // namespace troupe::actors
