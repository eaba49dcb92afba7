#pragma once

#include "troupe/actors/clock.hpp"
#include "troupe/actors/provider.hpp"

#include <caf/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// How a simulated model behaves. Times are spread as a skewed bell
/// (log-normal) through their median and 90th percentile.
struct simulated_profile {
  std::string model; ///< With or without `simulated/`.
  std::chrono::microseconds first_token_median{250'000};
  std::chrono::microseconds first_token_p90{600'000}; ///< At least the median.
  std::chrono::microseconds token_median{8'000};      ///< Per token of output.
  std::chrono::microseconds token_p90{14'000};
  std::uint32_t unavailable_permille = 0; ///< `provider_unavailable`.
  std::uint32_t throttled_permille = 0;   ///< `provider_throttled`.
  std::uint32_t truncated_permille = 0;   ///< `stream_truncated`, half way.
  std::uint32_t timeout_permille = 0;     ///< `provider_timeout`.
  /// Time until `provider_timeout`.
  std::chrono::microseconds timeout_after{30'000'000};
  /// Share of an answer's sentences that are the best; the rest are any.
  std::uint32_t quality_permille = 1000;
};

/// The profile that models of a tier have, unless told otherwise: dearer tiers
/// are slower and better. None fails.
[[nodiscard]] simulated_profile default_profile(protocol::tier level);

/// `simulated/basic`, `simulated/advanced` and `simulated/expert`.
[[nodiscard]] std::vector<simulated_profile> default_profiles();

struct simulated_provider_config {
  std::string name = "simulated"; ///< As told in replies.
  std::uint64_t seed = 1;         ///< Of the whole run.
  /// Other models have the profile named after the call's tier, or its default.
  std::vector<simulated_profile> profiles = default_profiles();
  std::uint32_t calls_max = 10'000; ///< In flight; above: `overloaded`.
  /// Of all times, in permille; 0 answers at once.
  std::uint32_t latency_scale_permille = 1000;
  /// Replaces the times of every profile; not scaled.
  std::optional<std::chrono::microseconds> fixed_latency;
  /// Tokens of a text; pure. Empty: a quarter of the bytes.
  std::function<std::uint64_t(std::string_view)> count_tokens;
  wall_clock clock; ///< Reads headers' deadlines.
};

/// SIMULATED PROVIDER: answers model calls without any model, for programs to
/// be tried, tested and measured at no cost. An answer digests the texts of the
/// call, or calls a tool that the prompt names; usage is counted, not made up.
/// The same seed gives the same answers, times and failures, in whatever order
/// the calls come: each is drawn from the call itself and from how often it was
/// made before. Replies have `simulated` set.
/// Errors: `overloaded`, `provider_rejected` (no message, no output tokens),
/// `deadline_exceeded`, `cancelled`, the failures of the profile, and
/// `unreachable` when it ends with the call open.
/// A streamed answer comes in at most 8 pieces.
[[nodiscard]] provider_actor
spawn_simulated_provider(caf::actor_system& system,
                         simulated_provider_config config);

} // namespace troupe::actors
