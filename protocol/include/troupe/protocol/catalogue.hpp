#pragma once

#include "troupe/protocol/model.hpp"

#include <string>
#include <vector>

namespace troupe::protocol {

/// How fast a model answers, as its provider sells it.
enum class speed : std::uint8_t { slow, medium, fast };
BOOST_DESCRIBE_ENUM(speed, slow, medium, fast)

/// Prices per million tokens that hold when a prompt has more than
/// `prompt_above` tokens. The highest band that applies prices the whole call.
struct price_band {
  std::uint64_t prompt_above = 0;
  money input{};
  money output{};
  money cache_read{};
  money cache_write{};
  money cache_write_1h{};

  bool operator==(const price_band&) const = default;
};
BOOST_DESCRIBE_STRUCT(price_band, (),
                      (prompt_above, input, output, cache_read, cache_write,
                       cache_write_1h))

/// A priced model of one provider.
struct model_spec {
  std::string id{};        ///< Unique: `anthropic/claude-sonnet-4-5`.
  std::string provider{};  ///< Name of a configured provider.
  std::string wire_name{}; ///< What the provider calls it.
  tier level = tier::basic;
  speed pace = speed::medium;
  std::vector<std::string> skills{};   ///< `tools`, `vision`, `reasoning`, ...
  std::uint32_t context_tokens = 8192; ///< Prompt and output together.
  std::uint32_t output_tokens = 4096;
  std::vector<price_band> prices{}; ///< By rising `prompt_above`; first 0.
  bool pinned_only = false;         ///< Only for calls that name it.
  /// Where it runs, as in `eu`; empty: nobody says, so no call that asks for a
  /// region gets it.
  std::vector<std::string> regions{};

  bool operator==(const model_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(model_spec, (),
                      (id, provider, wire_name, level, pace, skills,
                       context_tokens, output_tokens, prices, pinned_only,
                       regions))

/// What `used` costs, to the nano-dollar, rounded up once at the end.
/// A model without prices costs nothing.
[[nodiscard]] money cost_of(const model_spec& model, const usage& used);

} // namespace troupe::protocol
