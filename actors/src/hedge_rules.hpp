#pragma once

#include "model_latencies.hpp"
#include "retry_rules.hpp"
#include "routed_call.hpp"
#include "troupe/actors/hedge_limits.hpp"

#include <optional>
#include <vector>

namespace troupe::actors {

/// Which calls get a second one beside them, when, and how many do. Providers
/// are numbered as in `admission`. Not thread-safe.
class hedge_rules {
public:
  hedge_rules(const hedge_limits& limits, std::size_t providers);

  /// How long a call that goes to its model now is waited for before it gets a
  /// second one; null: for ever.
  [[nodiscard]] std::optional<protocol::duration>
  patience(const routed_call& call, const model_latencies& known) const;

  /// Whether a call that was waited for so long may have a second one now:
  /// never when that has less time left than the first was given.
  [[nodiscard]] bool may_start(const routed_call& call, std::size_t provider,
                               std::uint32_t attempts_max,
                               protocol::instant now) const;

  /// A call goes to the provider.
  void earn(std::size_t provider) noexcept { shares_[provider].earn(); }
  /// A call there gets a second one; only when it may.
  void spend(std::size_t provider) noexcept { shares_[provider].spend(); }

private:
  hedge_limits limits_;
  std::vector<retry_allowance> shares_; ///< By provider of the first call.
};

} // namespace troupe::actors
