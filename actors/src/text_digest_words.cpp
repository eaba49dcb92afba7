#include "text_digest_words.hpp"

#include <algorithm>
#include <array>

namespace troupe::actors {

namespace {

using type = glyph::type;

// Sorted; checked below.
constexpr auto function_words = std::to_array<std::string_view>(
    {"a",     "about",   "above",   "after",  "again",  "all",   "also",
     "am",    "an",      "and",     "any",    "are",    "as",    "at",
     "be",    "because", "been",    "before", "being",  "below", "between",
     "both",  "but",     "by",      "can",    "cannot", "could", "did",
     "do",    "does",    "doing",   "down",   "during", "each",  "few",
     "for",   "from",    "further", "had",    "has",    "have",  "having",
     "he",    "her",     "here",    "hers",   "him",    "his",   "how",
     "i",     "if",      "in",      "into",   "is",     "it",    "its",
     "just",  "like",    "may",     "me",     "might",  "more",  "most",
     "much",  "must",    "my",      "no",     "nor",    "not",   "now",
     "of",    "off",     "on",      "once",   "one",    "only",  "or",
     "other", "our",     "out",     "over",   "own",    "same",  "shall",
     "she",   "should",  "so",      "some",   "such",   "than",  "that",
     "the",   "their",   "them",    "then",   "there",  "these", "they",
     "this",  "those",   "through", "to",     "too",    "under", "until",
     "up",    "upon",    "us",      "very",   "was",    "we",    "were",
     "what",  "when",    "where",   "which",  "while",  "who",   "whom",
     "why",   "will",    "with",    "would",  "you",    "your",  "yours"});
static_assert(std::is_sorted(function_words.begin(), function_words.end()));

constexpr std::size_t function_word_bytes_max = 7;

bool is_continuation(std::string_view text, std::size_t at) noexcept {
  return at < text.size()
         && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

std::size_t bytes_at(std::string_view text, std::size_t at) noexcept {
  const auto lead = static_cast<unsigned char>(text[at]);
  std::size_t size = 1;
  if (lead >= 0xC2 && lead < 0xE0)
    size = 2;
  else if (lead >= 0xE0 && lead < 0xF0)
    size = 3;
  else if (lead >= 0xF0 && lead < 0xF5)
    size = 4;
  for (std::size_t i = 1; i < size; ++i)
    if (!is_continuation(text, at + i))
      return 1;
  return size;
}

bool is_ideograph(std::string_view utf8) noexcept {
  const auto a = static_cast<unsigned char>(utf8[0]);
  const auto b = static_cast<unsigned char>(utf8[1]);
  if (a == 0xE3)
    return b >= 0x81; // kana; E3 80 is punctuation
  return a >= 0xE4 && a <= 0xED && !(a == 0xED && b >= 0x9F);
}

type type_of(std::string_view utf8) noexcept {
  const auto a = static_cast<unsigned char>(utf8[0]);
  const auto b = static_cast<unsigned char>(utf8[1]);
  if (utf8.size() == 2)
    return a == 0xC2 || (a == 0xC3 && (b == 0x97 || b == 0xB7)) ? type::other
                                                                : type::letter;
  if (utf8 == "\xE2\x80\x99") // the typographic apostrophe
    return type::joiner;
  if (utf8.size() == 4)
    return a == 0xF0 && b == 0x9F ? type::other : type::letter; // F0 9F: emoji
  if (is_ideograph(utf8))
    return type::ideograph;
  const bool is_symbol =
      (a == 0xE2 && b <= 0xAF) || (a == 0xE3 && b == 0x80) || a >= 0xEE;
  return is_symbol ? type::other : type::letter;
}

bool is_word_glyph(type what) noexcept {
  return what == type::letter || what == type::digit;
}

} // namespace

glyph glyph_at(std::string_view text, std::size_t at) noexcept {
  const char c = text[at];
  if (is_letter(c))
    return {type::letter, 1};
  if (is_digit(c))
    return {type::digit, 1};
  if (static_cast<unsigned char>(c) < 0x80)
    return {c == '\'' ? type::joiner : type::other, 1};
  const auto bytes = bytes_at(text, at);
  if (bytes == 1)
    return {type::other, 1};
  return {type_of(text.substr(at, bytes)), bytes};
}

bool word_reader::next(word& out) noexcept {
  auto now = glyph{};
  while (at_ < text_.size()) {
    now = glyph_at(text_, at_);
    if (is_word_glyph(now.what) || now.what == type::ideograph)
      break;
    at_ += now.bytes;
  }
  if (at_ >= text_.size())
    return false;
  const auto begin = at_;
  out.letters = 0;
  if (now.what == type::ideograph) {
    at_ += now.bytes;
    out = {text_.substr(begin, now.bytes), 1};
    return true;
  }
  auto end = begin;
  for (auto i = begin; i < text_.size(); i += now.bytes) {
    now = glyph_at(text_, i);
    if (is_word_glyph(now.what)) {
      out.letters += now.what == type::letter ? 1 : 0;
      end = i + now.bytes;
    } else if (now.what != type::joiner || i != end) {
      break;
    }
  }
  at_ = end;
  out.text = text_.substr(begin, end - begin);
  return true;
}

std::uint64_t hash_of(std::string_view word) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : word)
    hash = (hash ^ static_cast<unsigned char>(lower(c))) * 0x100000001B3ULL;
  return hash ^ (hash >> 29U);
}

std::uint64_t count_words(std::string_view text) noexcept {
  std::uint64_t count = 0;
  bool is_inside = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto now = glyph_at(text, i);
    if (now.what == type::ideograph) {
      ++count;
      is_inside = false;
    } else if (is_space(text[i])) {
      is_inside = false;
    } else if (!is_inside && is_word_glyph(now.what)) {
      ++count;
      is_inside = true;
    }
    i += now.bytes;
  }
  return count;
}

bool is_function_word(std::string_view word) noexcept {
  std::array<char, function_word_bytes_max> folded{};
  if (word.size() > folded.size())
    return false;
  std::transform(word.begin(), word.end(), folded.begin(), lower);
  return std::binary_search(function_words.begin(), function_words.end(),
                            std::string_view{folded.data(), word.size()});
}

} // namespace troupe::actors
