#pragma once

#include "fading_histogram.hpp"

#include <troupe/protocol/time.hpp>

#include <optional>
#include <vector>

namespace troupe::actors {

/// How long models have taken of late, from the request to the first piece of
/// the answer and to its end: milliseconds, within a quarter of an octave,
/// recent ones count most. Models are numbered as in the router's
/// configuration. Not thread-safe.
class model_latencies {
public:
  /// With fewer answers nothing is told.
  static constexpr std::uint32_t needed = 16;

  explicit model_latencies(std::size_t models)
      : first_(models), whole_(models) {}

  void add_first(std::size_t model, protocol::duration took) {
    first_[model].add(in_ms(took));
  }
  void add_whole(std::size_t model, protocol::duration took) {
    whole_[model].add(in_ms(took));
  }

  /// What `permille` of a thousand answers took at most; null: not known yet.
  [[nodiscard]] std::optional<protocol::duration>
  first(std::size_t model, std::uint32_t permille) const {
    return quantile(first_[model], permille);
  }
  [[nodiscard]] std::optional<protocol::duration>
  whole(std::size_t model, std::uint32_t permille) const {
    return quantile(whole_[model], permille);
  }

private:
  static std::uint64_t in_ms(protocol::duration time) {
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    return ms > 0 ? static_cast<std::uint64_t>(ms) : 0;
  }
  static std::optional<protocol::duration> quantile(const fading_histogram& of,
                                                    std::uint32_t permille) {
    if (of.count() < needed)
      return std::nullopt;
    return std::chrono::milliseconds{of.quantile(permille)};
  }

  std::vector<fading_histogram> first_;
  std::vector<fading_histogram> whole_;
};

} // namespace troupe::actors
