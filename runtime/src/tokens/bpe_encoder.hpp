#pragma once

#include "tokens/merge.hpp"
#include "tokens/split.hpp"

namespace troupe::tokens {

/// Exact counts and encodings from a rank table. Immutable; any thread.
class bpe_encoder final : public protocol::token_counter {
public:
  bpe_encoder(rank_table table, split_pattern pattern, std::string name);

  /// Errors as `load_token_counter`; `text` is what the file holds.
  static protocol::result<std::shared_ptr<const bpe_encoder>>
  make(std::string_view text, token_split split);

  [[nodiscard]] std::uint64_t count(std::string_view text) const override;
  [[nodiscard]] std::uint64_t upper_bound(std::string_view text) const override;
  [[nodiscard]] std::string name() const override;

  /// The ranks of the tokens in order.
  [[nodiscard]] std::vector<rank> encode(std::string_view text) const;

  [[nodiscard]] const rank_table& table() const noexcept { return table_; }
  [[nodiscard]] const split_pattern& pattern() const noexcept {
    return pattern_;
  }

private:
  rank_table table_;
  split_pattern pattern_;
  std::string name_;
};

} // namespace troupe::tokens
