#include "word_stem.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace troupe::actors {

namespace {

using rule = std::pair<std::string_view, std::string_view>;

/// The word on its way; the names are those of the paper.
class stemmer {
public:
  explicit stemmer(std::string word) : word_(std::move(word)) {}

  std::string run() {
    step_1a();
    step_1b();
    if (ends_with("y") && has_vowel(word_.size() - 1))
      word_.back() = 'i';
    static constexpr std::array<rule, 20> step_2{
        {{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"},
         {"anci", "ance"},   {"izer", "ize"},    {"abli", "able"},
         {"alli", "al"},     {"entli", "ent"},   {"eli", "e"},
         {"ousli", "ous"},   {"ization", "ize"}, {"ation", "ate"},
         {"ator", "ate"},    {"alism", "al"},    {"iveness", "ive"},
         {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},
         {"iviti", "ive"},   {"biliti", "ble"}}};
    static constexpr std::array<rule, 7> step_3{{{"icate", "ic"},
                                                 {"ative", ""},
                                                 {"alize", "al"},
                                                 {"iciti", "ic"},
                                                 {"ical", "ic"},
                                                 {"ful", ""},
                                                 {"ness", ""}}};
    replace_one(step_2);
    replace_one(step_3);
    step_4();
    step_5();
    return std::move(word_);
  }

private:
  [[nodiscard]] bool ends_with(std::string_view end) const {
    return word_.ends_with(end);
  }

  [[nodiscard]] bool is_consonant(std::size_t i) const {
    switch (word_[i]) {
    case 'a':
    case 'e':
    case 'i':
    case 'o':
    case 'u':
      return false;
    case 'y':
      return i == 0 || !is_consonant(i - 1);
    default:
      return true;
    }
  }

  /// m: how often a vowel is followed by a consonant before `size`.
  [[nodiscard]] int measure(std::size_t size) const {
    int count = 0;
    for (std::size_t i = 1; i < size; ++i)
      count += is_consonant(i) && !is_consonant(i - 1) ? 1 : 0;
    return count;
  }

  [[nodiscard]] bool has_vowel(std::size_t size) const {
    for (std::size_t i = 0; i < size; ++i)
      if (!is_consonant(i))
        return true;
    return false;
  }

  /// *d: ends with a double consonant.
  [[nodiscard]] bool ends_double() const {
    const auto n = word_.size();
    return n >= 2 && word_[n - 1] == word_[n - 2] && is_consonant(n - 1);
  }

  /// *o: consonant, vowel, consonant before `size`, the last not w, x or y.
  [[nodiscard]] bool is_short_end(std::size_t size) const {
    return size >= 3 && is_consonant(size - 3) && !is_consonant(size - 2)
           && is_consonant(size - 1) && word_[size - 1] != 'w'
           && word_[size - 1] != 'x' && word_[size - 1] != 'y';
  }

  void cut(std::size_t count) { word_.resize(word_.size() - count); }

  /// The longest ending that fits decides; it is replaced where m > 0.
  template <std::size_t N>
  void replace_one(const std::array<rule, N>& rules) {
    const rule* best = nullptr;
    for (const auto& each : rules)
      if (ends_with(each.first)
          && (best == nullptr || each.first.size() > best->first.size()))
        best = &each;
    if (best == nullptr || measure(word_.size() - best->first.size()) == 0)
      return;
    cut(best->first.size());
    word_ += best->second;
  }

  void step_1a() {
    if (ends_with("sses") || ends_with("ies"))
      cut(2);
    else if (ends_with("s") && !ends_with("ss"))
      cut(1);
  }

  void step_1b() {
    if (ends_with("eed")) {
      if (measure(word_.size() - 3) > 0)
        cut(1);
      return;
    }
    if (ends_with("ed") && has_vowel(word_.size() - 2))
      cut(2);
    else if (ends_with("ing") && has_vowel(word_.size() - 3))
      cut(3);
    else
      return;
    if (ends_with("at") || ends_with("bl") || ends_with("iz"))
      word_ += 'e';
    else if (ends_double() && !ends_with("l") && !ends_with("s")
             && !ends_with("z"))
      cut(1);
    else if (measure(word_.size()) == 1 && is_short_end(word_.size()))
      word_ += 'e';
  }

  void step_4() {
    static constexpr std::array<std::string_view, 19> endings{
        "al",  "ance",  "ence", "er",  "ic",  "able", "ible",
        "ant", "ement", "ment", "ent", "ion", "ou",   "ism",
        "ate", "iti",   "ous",  "ive", "ize"};
    std::string_view best;
    for (const auto& each : endings)
      if (ends_with(each) && each.size() > best.size())
        best = each;
    const auto left = word_.size() - best.size();
    if (best.empty() || measure(left) <= 1)
      return;
    if (best == "ion" && word_[left - 1] != 's' && word_[left - 1] != 't')
      return;
    cut(best.size());
  }

  void step_5() {
    if (ends_with("e")) {
      const auto left = word_.size() - 1;
      const auto m = measure(left);
      if (m > 1 || (m == 1 && !is_short_end(left)))
        cut(1);
    }
    if (ends_with("ll") && measure(word_.size()) > 1)
      cut(1);
  }

  std::string word_;
};

} // namespace

std::string stem(std::string word) {
  const bool is_plain = std::all_of(
      word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (word.size() <= 2 || !is_plain)
    return word;
  return stemmer{std::move(word)}.run();
}

} // namespace troupe::actors
