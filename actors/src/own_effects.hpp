#pragma once

#include "troupe/actors/effect_log.hpp"
#include "troupe/actors/function_agent.hpp"

#include <map>

namespace troupe::actors {

/// What an agent's own code does and gives may be so large.
inline constexpr std::size_t effect_bytes_max = 1U << 20U;

/// The effects of one attempt of an agent's own code. Not thread-safe.
class own_effects {
public:
  /// What `begin_effect` says of the next one, in which equal ones count.
  /// Errors: `invalid_request` for a bad name or arguments that are not JSON;
  /// `limit_exceeded` for arguments that are too long. Nothing is counted then.
  [[nodiscard]] protocol::result<begin_effect> next(const effect_wish& what);

private:
  std::map<std::string, std::uint32_t> made_; ///< By name and arguments.
};

/// What is kept of how an effect has ended; null: nothing, as nobody knows, or
/// as it does no harm to begin it again.
[[nodiscard]] std::optional<protocol::tool_result>
outcome_to_keep(const protocol::result<std::string>& outcome,
                bool is_idempotent);

/// The outcome that was kept, for the code that had it before.
[[nodiscard]] protocol::result<std::string>
outcome_from(protocol::tool_result kept);

/// An outcome as the code gets it. Errors: `limit_exceeded`, it is too long.
[[nodiscard]] protocol::result<std::string>
bounded_outcome(protocol::result<std::string> outcome);

} // namespace troupe::actors
