#include "search_words.hpp"

#include "word_stem.hpp"

#include <algorithm>
#include <array>

namespace troupe::actors {

namespace {

constexpr std::size_t word_bytes_max = 64;

constexpr std::array<std::string_view, 92> stop_words{
    "a",     "about", "after", "all",  "also",    "an",    "and",    "any",
    "are",   "as",    "at",    "be",   "because", "been",  "before", "but",
    "by",    "can",   "could", "did",  "do",      "does",  "each",   "for",
    "from",  "get",   "give",  "had",  "has",     "have",  "how",    "i",
    "if",    "in",    "into",  "is",   "it",      "its",   "just",   "like",
    "make",  "may",   "me",    "more", "most",    "must",  "my",     "need",
    "needs", "no",    "not",   "of",   "on",      "one",   "only",   "or",
    "other", "our",   "out",   "over", "please",  "s",     "should", "so",
    "some",  "t",     "than",  "that", "the",     "their", "them",   "then",
    "there", "these", "they",  "this", "to",      "too",   "up",     "us",
    "want",  "was",   "we",    "were", "what",    "when",  "where",  "which",
    "who",   "will",  "with",  "you"};

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
         || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Names that are told apart by their signs.
void add_sign(std::string& word, std::string_view rest) {
  if (word == "c" && rest.starts_with("++"))
    word = "cpp";
  else if ((word == "c" || word == "f") && rest.starts_with("#"))
    word += "sharp";
}

} // namespace

std::vector<std::string> search_words(std::string_view text,
                                      std::size_t count_max) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size() && words.size() < count_max) {
    std::string word;
    for (; at < text.size() && is_word_byte(lower(text[at])); ++at)
      if (word.size() < word_bytes_max)
        word += lower(text[at]);
    add_sign(word, text.substr(at));
    ++at;
    if (!word.empty()
        && !std::binary_search(stop_words.begin(), stop_words.end(), word))
      words.push_back(stem(std::move(word)));
  }
  return words;
}

} // namespace troupe::actors
