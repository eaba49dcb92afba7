#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace troupe::protocol {

/// Writing systems that byte-pair encodings treat differently.
enum class script : std::uint8_t {
  latin, ///< ASCII letters, and those with accents.
  cyrillic,
  greek,
  hebrew,
  arabic,
  devanagari,
  tamil,
  thai,
  hiragana,
  katakana,
  han,
  hangul,
  other, ///< Up to U+FFFF.
  rare,  ///< Above.
};
inline constexpr std::size_t script_count = 14;

/// What stands before a word in its piece.
enum class word_lead : std::uint8_t { space, none, symbol, digit };
/// Capitals in a word: none, the first, all, or several before small ones.
enum class word_case : std::uint8_t { small, title, upper, mixed };

inline constexpr std::size_t word_letters_max = 24;

/// What a text consists of, as far as an estimate needs it.
struct text_shape {
  /// Latin words by length; the last counts all longer ones too.
  using lengths = std::array<std::uint64_t, word_letters_max + 1>;
  std::array<std::array<lengths, 4>, 4> words{}; ///< By lead and case.
  std::uint64_t letters_over = 0; ///< Letters beyond `word_letters_max`.
  std::uint64_t latin_letters = 0;
  std::uint64_t accents = 0; ///< Latin letters beyond ASCII.
  /// Latin letters from U+0100 to U+02FF and Cyrillic ones that Russian does
  /// not use: vocabularies hold few words with them.
  std::uint64_t seldom = 0;
  std::uint64_t traditional = 0; ///< Han seen only in traditional writing.
  std::array<std::uint64_t, script_count> letters{}; ///< Not for latin.
  std::array<std::uint64_t, script_count> pieces{};  ///< Of words, likewise.
  std::uint64_t symbol_leads = 0; ///< Symbols that begin such a word.
  /// Thousandths of tokens of digits, symbols and white space.
  std::uint64_t other_milli = 0;
};

/// Looks at every character once. Bytes that are not UTF-8 count as symbols.
[[nodiscard]] text_shape shape_of(std::string_view text);

} // namespace troupe::protocol
