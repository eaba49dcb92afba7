#pragma once

#include "fading_histogram.hpp"

#include <troupe/protocol/id.hpp>
#include <troupe/protocol/model.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

namespace troupe::actors {

/// Which calls have answers of a like length: those of one model with the same
/// instructions and tools.
[[nodiscard]] protocol::id kind_of(std::size_t model,
                                   const protocol::model_call& call);

/// How long answers were, so that no more is set aside for a call than hardly
/// any answer needs. Lengths are told apart by a quarter of an octave; old ones
/// fade. Bounded: the kinds known longest are forgotten. Not thread-safe.
class output_lengths {
public:
  static constexpr std::size_t kinds_max = 4'096;
  /// With fewer answers nothing is told.
  static constexpr std::uint32_t needed = 64;
  /// So many of a thousand answers are no longer than what is told.
  static constexpr std::uint32_t covered_permille = 980;

  /// An answer with so many tokens, or one that was cut there.
  void add(protocol::id kind, std::uint64_t tokens);

  /// A cap that hardly any answer of the kind needs more than; null: unknown.
  [[nodiscard]] std::optional<std::uint32_t> cap(protocol::id kind) const;

private:
  std::unordered_map<protocol::id, fading_histogram> kinds_;
  std::deque<protocol::id> order_; // bounded by kinds_max
};

} // namespace troupe::actors
