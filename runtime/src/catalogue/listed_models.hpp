#pragma once

#include "troupe/runtime/catalogue.hpp"

#include <troupe/protocol/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::models {

/// What a provider's own list of models gave.
struct listed_models {
  std::vector<protocol::model_spec> models;
  std::uint32_t unpriced = 0; ///< Left out: a price that is not known.
  std::uint32_t other = 0;    ///< Left out: no text models, or not for long.
  std::uint32_t unreadable = 0;
};

/// Reads the answer to OpenRouter's `GET /models`. Ids are `provider/id`.
/// Tier, speed and the right to be chosen come from the model of that id in
/// `known`; others are of the tier that their price suggests, and serve only
/// calls that name them. A price that is missing, negative, no plain number, by
/// the hour or by the request is not known, and its model is left out: never
/// free. Errors: `provider_malformed` (no list, no model that can be used, more
/// that cannot be read than can), `limit_exceeded` as `parse_json`.
[[nodiscard]] protocol::result<listed_models>
read_listed_models(std::string_view body, const std::string& provider,
                   const catalogue& known, protocol::instant now);

/// Dollars for a million tokens, from dollars for one as a decimal number,
/// which may have an exponent: exact to the nano-dollar, rounded up beyond.
/// None for anything else, below zero or above a million.
[[nodiscard]] std::optional<protocol::money>
price_of_million(std::string_view for_one);

} // namespace troupe::models
