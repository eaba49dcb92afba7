#pragma once

#include "troupe/protocol/agent.hpp"
#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/money.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe::protocol {

/// Prices per million tokens that a model may not exceed.
struct price_limit {
  money input = money::max();
  money output = money::max();

  bool operator==(const price_limit&) const = default;
};
BOOST_DESCRIBE_STRUCT(price_limit, (), (input, output))
template <>
inline constexpr bool omits_defaults<price_limit> = true;

/// How the answer of a cheap model is looked at before it is taken.
enum class answer_check : std::uint8_t {
  form,   ///< It is whole, no refusal, and of the form that was asked for.
  judged, ///< That, and a model that is asked finds it good enough.
};
BOOST_DESCRIBE_ENUM(answer_check, form, judged)

/// A cheap model goes first; one of the next tier is asked where its answer
/// does not pass, up to the tier of the call.
struct cascade_plan {
  tier from = tier::basic; ///< Where it begins.
  answer_check check = answer_check::judged;
  std::uint32_t pass_permille = 700; ///< What a judge must give; up to 1,000.

  bool operator==(const cascade_plan&) const = default;
};
BOOST_DESCRIBE_STRUCT(cascade_plan, (), (from, check, pass_permille))
template <>
inline constexpr bool omits_defaults<cascade_plan> = true;

/// What a call asks of models beside their tier, and how they may be asked.
struct model_terms {
  std::vector<std::string> skills{}; ///< A model must have all; at most 8.
  /// One of these a model must run in, as the catalogue says; at most 8.
  /// Empty: anywhere.
  std::vector<std::string> regions{};
  std::optional<price_limit> price_max{}; ///< Null: any price.
  /// A second model may be asked when the first is slower than usual; the
  /// answer that comes first is taken, the other call is cancelled and paid.
  bool hedge = false;
  std::optional<cascade_plan> cascade{}; ///< Null: the tier is asked at once.

  bool operator==(const model_terms&) const = default;
};
BOOST_DESCRIBE_STRUCT(model_terms, (),
                      (skills, regions, price_max, hedge, cascade))
template <>
inline constexpr bool omits_defaults<model_terms> = true;

} // namespace troupe::protocol
