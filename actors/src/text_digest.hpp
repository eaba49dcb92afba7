#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// Says how many tokens a text is. Must be pure.
using token_count = std::function<std::uint64_t(std::string_view)>;

/// A quarter of the bytes, rounded up: what to use without a better one.
[[nodiscard]] std::uint64_t quarter_of_bytes(std::string_view text) noexcept;

struct digest_request {
  std::string_view task;                ///< What is asked; opens the digest.
  bool opens_with_task = true;          ///< Or the task only says what counts.
  std::vector<std::string_view> inputs; ///< What to digest.
  std::uint64_t tokens_max = 200;
  /// Share of sentences that are the best there are; the others are any.
  std::uint32_t quality_permille = 1000;
  /// How far a sentence's worth may be off by chance, at most 1000.
  std::uint32_t jitter_permille = 0;
  std::uint64_t seed = 0;          ///< Of all chance.
  std::size_t bytes_max = 200'000; ///< Read of all inputs, by even sampling.
};

/// A digest of the inputs: their most telling sentences, unchanged but for
/// white space, in their order; one paragraph an input. Where there is room it
/// opens with the task's first sentence.
/// At most `tokens_max` tokens; a text without sentences comes back in its own
/// words. Without any word, empty. Same request, same digest.
/// Blocking: never; about 10 ms for 200 KB. Thread safety: any thread.
[[nodiscard]] std::string digest_of(const digest_request& request,
                                    const token_count& count);

/// The longest beginning of `text` that ends with a word and has at most
/// `tokens_max` tokens.
[[nodiscard]] std::string first_tokens(std::string_view text,
                                       std::uint64_t tokens_max,
                                       const token_count& count);

} // namespace troupe::actors
