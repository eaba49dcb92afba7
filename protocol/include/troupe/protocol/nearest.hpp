#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::protocol {

/// The candidate with the fewest edits from `word` (Damerau-Levenshtein,
/// restricted form), or empty when none is within a third of its length + 1.
/// Used for "did you mean". Cost: length squared per candidate; words over 64
/// characters have no nearest.
[[nodiscard]] std::string nearest(std::string_view word,
                                  std::span<const std::string> candidates);

/// ` (did you mean 'x'?)`, or empty.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string> candidates);

} // namespace troupe::protocol
