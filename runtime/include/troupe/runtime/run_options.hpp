#pragma once

#include "troupe/protocol/money.hpp"
#include "troupe/protocol/task_rules.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace troupe {

/// How one run differs from what its mission says.
struct run_options {
  std::optional<protocol::money> budget{}; ///< As `replace_budget`.
  std::string model{};    ///< Pins one model for every task; empty: none.
  std::uint64_t seed = 1; ///< For simulated models, and all random choices.
  /// Results of earlier runs of a mission of that name, from the journal, stand
  /// in for work that would be the same. Null: as the mission says.
  std::optional<protocol::reuse_spec> reuse{};
  protocol::id forked_from{}; ///< Told in the report; null: it is not.
};

} // namespace troupe
