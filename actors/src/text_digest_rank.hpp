#pragma once

#include "text_digest_sentences.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// A passage and the input it stands in.
struct sourced_passage {
  passage body;
  std::uint32_t source = 0;
};

/// What a passage is worth in a digest of all of them.
struct passage_rank {
  std::uint32_t index = 0; ///< Into the passages ranked.
  std::uint64_t score = 0;
  std::uint32_t terms_begin = 0; ///< Into `passage_ranking::terms`.
  std::uint32_t terms_end = 0;
};

/// Passages by their worth: those closest to what the whole text speaks of,
/// with a preference for early ones and for the words of the task.
struct passage_ranking {
  std::vector<passage_rank> ranks;    ///< Best first; ties by index.
  std::vector<std::uint32_t> terms;   ///< Of each rank: sorted, distinct.
  std::vector<std::uint32_t> weights; ///< Of each term.

  /// The share of terms, by weight, that two passages have in common, in
  /// permille of the one that has fewer.
  [[nodiscard]] std::uint32_t likeness(const passage_rank& a,
                                       const passage_rank& b) const;
};

/// Ranks passages fit for a digest; those of fewer than `words_min` words,
/// headings, and code that declares or explains nothing are left out.
/// Integer arithmetic: the same on every machine. Cost: n log n in words.
[[nodiscard]] passage_ranking
rank_passages(std::span<const sourced_passage> passages, std::string_view task,
              std::uint32_t words_min);

} // namespace troupe::actors
