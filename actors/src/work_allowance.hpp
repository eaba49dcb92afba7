#pragma once

#include <algorithm>
#include <cstddef>

namespace troupe::actors {

/// How much may still be done before others get their turn, counted in bytes
/// that are copied or looked at.
class work_allowance {
public:
  explicit work_allowance(std::size_t bytes) noexcept : left_(bytes) {}

  void spend(std::size_t bytes) noexcept { left_ -= std::min(left_, bytes); }
  [[nodiscard]] bool is_spent() const noexcept { return left_ == 0; }
  [[nodiscard]] std::size_t left() const noexcept { return left_; }

private:
  std::size_t left_;
};

} // namespace troupe::actors
