#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Words of a text, without a dictionary: the one idea of a "word" that the
/// digest and the quality gates share.
namespace troupe::actors {

/// ASCII letter.
[[nodiscard]] constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

[[nodiscard]] constexpr bool is_space(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// ASCII only; other bytes stay.
[[nodiscard]] constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// A piece of text and what it is.
struct glyph {
  enum class type : std::uint8_t {
    letter,
    digit,
    ideograph, ///< A word by itself: Chinese, Japanese and Korean.
    joiner,    ///< Part of a word between two letters: an apostrophe.
    other,
  };
  type what = type::other;
  std::size_t bytes = 1;
};

/// Classifies the character at `at`; ill-formed UTF-8 counts as `other`, one
/// byte at a time.
[[nodiscard]] glyph glyph_at(std::string_view text, std::size_t at) noexcept;

/// A word, and how many of its characters are letters.
struct word {
  std::string_view text;
  std::uint32_t letters = 0;
};

/// Reads one word after another: runs of letters, digits and inner
/// apostrophes; each ideograph is a word.
class word_reader {
public:
  explicit word_reader(std::string_view text) noexcept : text_(text) {}

  /// False at the end of the text.
  bool next(word& out) noexcept;

private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// 64 bits that differ for different words; the same in ASCII upper case.
[[nodiscard]] std::uint64_t hash_of(std::string_view word) noexcept;

/// Words as people count them: what stands between spaces and holds a letter or
/// digit; each ideograph counts.
[[nodiscard]] std::uint64_t count_words(std::string_view text) noexcept;

/// True for English words that say nothing of the subject: "the", "with".
[[nodiscard]] bool is_function_word(std::string_view word) noexcept;

} // namespace troupe::actors
