#pragma once

#include "troupe/protocol/money.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace troupe {

/// How one run differs from what its mission says.
struct run_options {
  std::optional<protocol::money> budget{}; ///< As `replace_budget`.
  std::string model{};    ///< Pins one model for every task; empty: none.
  std::uint64_t seed = 1; ///< For simulated models, and all random choices.
};

} // namespace troupe
