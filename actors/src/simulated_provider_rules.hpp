#pragma once

#include "troupe/actors/simulated_provider.hpp"

#include <troupe/protocol/model.hpp>
#include <troupe/protocol/time.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// What will become of a call, and when.
struct simulated_outcome {
  std::optional<protocol::error> failure; ///< Instead of the reply.
  protocol::model_reply reply; ///< Also of a failure: what it cuts short.
  /// Ends of the streamed pieces within the reply's text, rising; those that
  /// come before the failure, when there is one. Empty without `stream`.
  std::vector<std::size_t> piece_ends;
  protocol::duration first{}; ///< From the call to the first piece.
  protocol::duration last{};  ///< From the call to the answer.
};

/// The same for calls that ask the same: who pays and whether the answer is
/// streamed make no difference.
[[nodiscard]] std::uint64_t hash_of(const protocol::model_call& call) noexcept;

/// Draws the outcome of the `occurrence`th call (from 0) that asks the same.
/// The answer depends on the call and the seed alone; time and failure also on
/// the occurrence, so that a retry may fare better.
/// `config.count_tokens` must be set. Cost: that of a digest.
[[nodiscard]] simulated_outcome
draw_outcome(const simulated_provider_config& config,
             const protocol::model_call& call, std::uint64_t occurrence);

/// The profile that holds for a call's model.
[[nodiscard]] simulated_profile
profile_of(const simulated_provider_config& config,
           const protocol::model_call& call);

/// What a model of that quality says when it is asked to rate an answer: 0 to
/// 100, up to 30 beside a tenth of its quality. The seed decides.
[[nodiscard]] std::uint32_t simulated_rating(std::uint32_t quality_permille,
                                             std::uint64_t seed);

/// A time spread as a log-normal through its median and 90th percentile.
[[nodiscard]] std::chrono::microseconds
draw_time(std::chrono::microseconds median, std::chrono::microseconds p90,
          std::uint64_t seed);

/// Counts how often a hash was seen. Forgets the oldest above 65,536 to
/// 131,072 of them.
class occurrence_counter {
public:
  /// How often it was seen before.
  std::uint64_t see(std::uint64_t hash);

private:
  using counts = std::unordered_map<std::uint64_t, std::uint64_t>;
  counts recent_;
  counts older_;
};

} // namespace troupe::actors
