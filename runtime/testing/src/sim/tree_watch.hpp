#pragma once

#include "fact.hpp"

#include <optional>
#include <vector>

namespace troupe::testing::sim {

/// Knows whom somebody has killed, and so whether a tree may end by itself: for
/// one that is irreplaceable, or for more restarts than are allowed (S4).
class tree_watch {
public:
  /// What is wrong with that fact; mostly nothing.
  [[nodiscard]] std::optional<std::string> see(const fact& it);

private:
  [[nodiscard]] bool may_end() const;

  bool is_irreplaceable_dead_ = false;
  std::vector<protocol::instant> kills_; ///< In this life.
};

} // namespace troupe::testing::sim
