#pragma once

#include <array>
#include <cstdint>

namespace troupe::actors {

/// Counts of whole numbers, told apart by a quarter of an octave, of which old
/// ones fade: half of them at each 1,024. 176 bytes. Not thread-safe.
class fading_histogram {
public:
  /// Larger numbers than some two million count as the largest step.
  void add(std::uint64_t value);

  /// So many that have not faded.
  [[nodiscard]] std::uint32_t count() const noexcept { return all_; }

  /// The most that a number of the lowest `permille` can be; 0 without any.
  [[nodiscard]] std::uint64_t quantile(std::uint32_t permille) const;

private:
  static constexpr std::size_t steps = 84;

  std::array<std::uint16_t, steps> at_{};
  std::uint32_t all_ = 0;
};

} // namespace troupe::actors
