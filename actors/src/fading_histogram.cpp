#include "fading_histogram.hpp"

#include <algorithm>
#include <bit>

namespace troupe::actors {

namespace {

constexpr std::uint32_t fade_at = 1'024;

/// Quarters of octaves: 4, 5, 6, 7, 8, 10, 12, 14, 16, ...
std::size_t step_of(std::uint64_t value, std::size_t steps) {
  const auto at_least = std::max<std::uint64_t>(value, 4);
  const auto octave = static_cast<std::size_t>(std::bit_width(at_least)) - 1;
  const auto quarter = (at_least >> (octave - 2)) & 3U;
  return std::min((octave - 2) * 4 + quarter, steps - 1);
}

/// The most that a step holds.
std::uint64_t end_of_step(std::size_t step) {
  const auto octave = step / 4 + 2;
  const auto quarter = static_cast<std::uint64_t>(step % 4);
  return ((5 + quarter) << (octave - 2)) - 1;
}

} // namespace

void fading_histogram::add(std::uint64_t value) {
  ++at_[step_of(value, steps)];
  if (++all_ < fade_at)
    return;
  all_ = 0;
  for (auto& count : at_) {
    count /= 2;
    all_ += count;
  }
}

std::uint64_t fading_histogram::quantile(std::uint32_t permille) const {
  std::uint64_t sum = 0;
  for (std::size_t step = 0; step < steps && all_ > 0; ++step) {
    sum += at_[step];
    if (sum * 1'000 >= std::uint64_t{all_} * permille && sum > 0)
      return end_of_step(step);
  }
  return 0;
}

} // namespace troupe::actors
