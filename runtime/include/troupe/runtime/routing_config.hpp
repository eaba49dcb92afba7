#pragma once

#include "troupe/protocol/agent.hpp"
#include "troupe/protocol/header.hpp"
#include "troupe/protocol/time.hpp"
#include "troupe/runtime/learning_config.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace troupe {

/// Least tier of model by the priority of a task, where nothing else says.
struct tier_by_priority {
  protocol::tier low = protocol::tier::basic;
  protocol::tier medium = protocol::tier::advanced;
  protocol::tier high = protocol::tier::advanced;
  protocol::tier critical = protocol::tier::expert;

  [[nodiscard]] protocol::tier of(protocol::priority urgency) const noexcept;
};
BOOST_DESCRIBE_STRUCT(tier_by_priority, (), (low, medium, high, critical))

/// What becomes of a call when all models that fit rest after failures.
enum class all_rest : std::uint8_t {
  wait,      ///< For the first that may be asked again.
  fail,      ///< It fails at once.
  least_bad, ///< It goes to the one whose rest ends first.
};
BOOST_DESCRIBE_ENUM(all_rest, wait, fail, least_bad)

/// Where calls go that have failed at a model: ids of the catalogue, the first
/// to be asked first, at most 16 each. Empty: nothing is said.
struct fallback_config {
  std::vector<std::string> general;        ///< After any failure but these two.
  std::vector<std::string> context_window; ///< The prompt was too long.
  std::vector<std::string> content_policy; ///< The model has declined.
};
BOOST_DESCRIBE_STRUCT(fallback_config, (),
                      (general, context_window, content_policy))

struct routing_config {
  tier_by_priority tiers;
  std::uint32_t attempts_max = 3; ///< Of one call, at all models; 1 to 20.
  /// A call without a deadline; 1 s to 24 h.
  protocol::duration patience = std::chrono::minutes{5};
  all_rest when_all_rest = all_rest::wait;
  /// What tenants get of a provider that has not enough for all, by name; 1 to
  /// 1,000. Others: 1.
  std::map<std::string, std::uint32_t> shares;
  /// Of it, so much may go to critical calls before their turn; 0 to 900.
  std::uint32_t urgent_permille = 200;
  /// Models that cost at most so much more than the cheapest are asked in the
  /// order of how fast they have answered; 0: price alone counts; to 10,000.
  std::uint32_t latency_weight_permille = 0;
  /// By a model's id or a tier's name; a model's own comes before its tier's.
  std::map<std::string, fallback_config> fallbacks;
  /// A call whose terms allow it gets a second one when it has taken longer
  /// than so many of a thousand of late; 500 to 999.
  std::uint32_t hedge_permille = 950;
  /// Of all calls to a provider, so many may get one; 0 to 500, 0: none.
  std::uint32_t hedge_share_permille = 50;
  learning_config learning;
};
BOOST_DESCRIBE_STRUCT(routing_config, (),
                      (tiers, attempts_max, patience, when_all_rest, shares,
                       urgent_permille, latency_weight_permille, fallbacks,
                       hedge_permille, hedge_share_permille, learning))

} // namespace troupe
