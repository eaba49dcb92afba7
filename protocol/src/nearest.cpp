#include "troupe/protocol/nearest.hpp"

#include <algorithm>
#include <array>

namespace troupe::protocol {

namespace {

constexpr std::size_t length_max = 64;
using row = std::array<std::size_t, length_max + 1>;

/// Edits from `a` to `b`, a swap of neighbours counting as one.
std::size_t edits(std::string_view a, std::string_view b) {
  row before_last{};
  row last{};
  row current{};
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      current[j] =
          std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        current[j] = std::min(current[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = current;
  }
  return last[b.size()];
}

} // namespace

std::string nearest(std::string_view word,
                    std::span<const std::string> candidates) {
  std::string best;
  if (word.size() > length_max)
    return best;
  std::size_t best_edits = word.size() / 3 + 2;
  for (const auto& candidate : candidates) {
    if (candidate.size() > length_max)
      continue;
    if (const auto count = edits(word, candidate); count < best_edits) {
      best = candidate;
      best_edits = count;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word,
                         std::span<const std::string> candidates) {
  const auto best = nearest(word, candidates);
  return best.empty() ? best : " (did you mean '" + best + "'?)";
}

} // namespace troupe::protocol
