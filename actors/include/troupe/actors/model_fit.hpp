#pragma once

#include "troupe/actors/router_rules.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>

namespace troupe::actors {

/// The first constraint that a model did not meet, in the order in which they
/// are looked at.
enum class left_out : std::uint8_t {
  another_is_pinned, ///< The call names another model.
  only_when_pinned,  ///< It is only for calls that name it.
  below_tier,
  without_tools,
  without_skills,   ///< It lacks one that the call asks for.
  outside_regions,  ///< It runs elsewhere, or nobody says where.
  above_price,      ///< Of input or of output.
  window_too_small, ///< For prompt and answer together.
};
BOOST_DESCRIBE_ENUM(left_out, another_is_pinned, only_when_pinned, below_tier,
                    without_tools, without_skills, outside_regions, above_price,
                    window_too_small)

/// Null: the model fits. A pinned model's tier is not asked for. A price that
/// is limited is that of the band in which the prompt lies; one without prices
/// costs nothing. Pure.
[[nodiscard]] std::optional<left_out>
why_left_out(const protocol::model_spec& model, const model_need& need);

/// The same of a model that somebody has named beside the call: neither
/// another pin nor the tier counts against it.
[[nodiscard]] std::optional<left_out>
why_unable(const protocol::model_spec& model, const model_need& need);

/// Prices of a prompt of that size; null: it costs nothing.
[[nodiscard]] const protocol::price_band*
band_for(const protocol::model_spec& model,
         std::uint64_t prompt_tokens) noexcept;

} // namespace troupe::actors
