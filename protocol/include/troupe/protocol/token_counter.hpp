#pragma once

#include "troupe/protocol/model.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::protocol {

/// Counts the tokens that a model reads in a text.
/// Immutable once made. Blocking: never; the time is near-linear in the text.
/// Thread safety: any thread, at the same time.
class token_counter {
public:
  virtual ~token_counter() = default;

  /// The number of tokens in `text`; 0 for an empty one. Bytes that are not
  /// UTF-8 count too.
  [[nodiscard]] virtual std::uint64_t count(std::string_view text) const = 0;

  /// A number that the true count never exceeds: what a reservation of money
  /// is based on. Here the number of bytes, which holds for every byte-level
  /// byte-pair encoding, whatever its table, since no token is empty.
  [[nodiscard]] virtual std::uint64_t upper_bound(std::string_view text) const;

  /// For reports: `o200k_base`, `estimate`.
  [[nodiscard]] virtual std::string name() const = 0;

protected:
  token_counter() = default;
  token_counter(const token_counter&) = default;
  token_counter& operator=(const token_counter&) = default;
};

/// Guesses a count from the shape of the text alone, without a rank table:
/// words by length and case, digits in threes, punctuation, white space and
/// scripts. Fitted to o200k_base; docs/tokens.md tells the error per kind of
/// text. Additive only roughly: two halves may count one more than the whole.
class token_estimator final : public token_counter {
public:
  [[nodiscard]] std::uint64_t count(std::string_view text) const override;
  [[nodiscard]] std::string name() const override;
};

/// The tokens that a provider will bill as the prompt of `call`: system text,
/// messages, tool calls and results, tools, and what providers put around
/// each. Signatures of reasoning are left out, since providers bill the text.
[[nodiscard]] std::uint64_t
estimate_prompt_tokens(const model_call& call, const token_counter& counter);

/// As `estimate_prompt_tokens`, but never below the bill: upper bounds of all
/// texts, signatures included, and the widest overheads that providers tell.
[[nodiscard]] std::uint64_t bound_prompt_tokens(const model_call& call,
                                                const token_counter& counter);

} // namespace troupe::protocol
