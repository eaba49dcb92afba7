#pragma once

#include "troupe/protocol/agent.hpp"
#include "troupe/protocol/budget.hpp"
#include "troupe/protocol/chat.hpp"
#include "troupe/protocol/model_terms.hpp"
#include "troupe/protocol/money.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe::protocol {

/// Asks the ROUTER, and in turn a provider, for one answer of a model.
/// Answer: `model_reply`. Errors: `no_model_fits`, `budget_exhausted`, the
/// `provider_*` codes, `stream_truncated`, `context_too_long`,
/// `content_refused`, `deadline_exceeded`, `cancelled`.
struct model_call {
  std::string model;        ///< Catalogue id; empty: the router chooses.
  tier level = tier::basic; ///< Least tier, where the router chooses.
  std::string account;      ///< Who pays: path, as in `default/mission/task`.
  std::string system;       ///< Instructions; may be empty.
  std::vector<chat_message> messages; ///< At least one.
  std::vector<tool_spec> tools;
  std::uint32_t output_tokens_max = 1024; ///< Sent as the provider's cap.
  std::optional<std::uint32_t> temperature_permille; ///< 0 to 2,000.
  bool stream = true;     ///< Ask for a stream; deltas are then told.
  std::uint64_t seed = 0; ///< For providers that can repeat an answer.
  std::vector<std::string>
      tags{}; ///< Accounts that bear it as well; at most 8.
  std::vector<shortage_step> on_shortage{}; ///< Empty: it is refused.
  model_terms terms{};

  bool operator==(const model_call&) const = default;
};
BOOST_DESCRIBE_STRUCT(model_call, (),
                      (model, level, account, system, messages, tools,
                       output_tokens_max, temperature_permille, stream, seed,
                       tags, on_shortage, terms))
template <>
inline constexpr bool omits_defaults<model_call> = true;

/// Where the figures of a `usage` come from.
enum class usage_source : std::uint8_t { reported, estimated };
BOOST_DESCRIBE_ENUM(usage_source, reported, estimated)

/// Tokens of one or more calls, without overlap: cached tokens are not inside
/// `input`, whatever the provider's own way of counting is. Reasoning is the
/// one exception: it is part of `output`, as every provider bills it so.
struct usage {
  std::uint64_t input = 0; ///< Neither read from nor written to a cache.
  std::uint64_t cache_read = 0;
  std::uint64_t cache_write = 0;    ///< Kept for 5 minutes, or unstated.
  std::uint64_t cache_write_1h = 0; ///< Kept for an hour.
  std::uint64_t output = 0;
  std::uint64_t reasoning = 0; ///< Part of `output`.
  usage_source source = usage_source::reported;

  /// All tokens that the model read.
  [[nodiscard]] std::uint64_t prompt() const noexcept {
    return input + cache_read + cache_write + cache_write_1h;
  }
  /// Adds counts; one estimated side makes the sum estimated.
  usage& operator+=(const usage& other) noexcept;
  bool operator==(const usage&) const = default;
};
BOOST_DESCRIBE_STRUCT(usage, (),
                      (input, cache_read, cache_write, cache_write_1h, output,
                       reasoning, source))
template <>
inline constexpr bool omits_defaults<usage> = true;

enum class stop_reason : std::uint8_t {
  complete, ///< The model had said all it wanted.
  length,   ///< Cut by `output_tokens_max`.
  tool_use, ///< Waits for the results of its tool calls.
  refusal,  ///< Declined, or filtered by the provider.
};
BOOST_DESCRIBE_ENUM(stop_reason, complete, length, tool_use, refusal)

/// Answers `model_call`. Content is untrusted.
struct model_reply {
  std::string model;    ///< Catalogue id that answered.
  std::string provider; ///< Its provider's name.
  std::vector<content_part> content;
  stop_reason stop = stop_reason::complete;
  usage used;
  money cost;
  std::uint32_t attempts = 1;            ///< Calls made, failed ones included.
  bool simulated = false;                ///< No real model was asked.
  std::vector<shortage_step> degraded{}; ///< What was done for want of money.
  std::uint32_t continuations = 0; ///< Calls that went on where one was cut.
  bool is_cached = false; ///< Nobody was asked for it: no tokens, no cost.
  money saved;            ///< What a cached answer had cost.
  /// Second calls that were made since the first were slow; in the cost.
  std::uint32_t hedges = 0;
  /// Cheaper answers that were not good enough; in the cost, as is judging.
  std::uint32_t escalations = 0;

  bool operator==(const model_reply&) const = default;
};
BOOST_DESCRIBE_STRUCT(model_reply, (),
                      (model, provider, content, stop, used, cost, attempts,
                       simulated, degraded, continuations, is_cached, saved,
                       hedges, escalations))
template <>
inline constexpr bool omits_defaults<model_reply> = true;

/// Tells the ROUTER how good an answer was, so that it learns which models are
/// good at what. Answer: `answer_judged`. Errors: `invalid_request` for a call
/// that it does not know, or no more, or that was judged already; and where it
/// does not learn.
struct judge_answer {
  id call;                            ///< The request to the router.
  std::uint32_t quality_permille = 0; ///< Up to 1,000.

  bool operator==(const judge_answer&) const = default;
};
BOOST_DESCRIBE_STRUCT(judge_answer, (), (call, quality_permille))

struct answer_judged {
  std::string model; ///< Catalogue id of the one that had answered.

  bool operator==(const answer_judged&) const = default;
};
BOOST_DESCRIBE_STRUCT(answer_judged, (), (model))

/// A piece of a streamed answer, told while it arrives; untrusted.
struct model_delta {
  std::string text;

  bool operator==(const model_delta&) const = default;
};
BOOST_DESCRIBE_STRUCT(model_delta, (), (text))

} // namespace troupe::protocol
