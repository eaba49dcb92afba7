#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// What a prompt's text gives to learn from.
struct prompt_features {
  static constexpr std::size_t buckets = 8192;
  static constexpr std::size_t words_max = 384;
  static constexpr std::size_t measures = 4;

  struct word {
    std::uint16_t bucket = 0;
    float weight = 0; ///< 1 + ln of how often it stands there.
  };
  std::size_t type = 0;    ///< Of task, as the asker numbers them.
  std::vector<word> words; ///< By bucket; at most `words_max`.
  /// Logarithms of the numbers of words, digits, signs, bytes.
  std::array<double, measures> sizes{};
};

/// Words, numbers (all the same) and signs, hashed. Reads the first 16 KiB and
/// the last 16 KiB of a longer text. Pure, linear; any bytes will do.
[[nodiscard]] prompt_features features_of(std::string_view text,
                                          std::size_t type);

} // namespace troupe::actors
