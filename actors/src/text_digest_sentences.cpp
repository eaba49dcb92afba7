#include "text_digest_sentences.hpp"

#include "clip.hpp"
#include "text_digest_words.hpp"

#include <algorithm>
#include <array>

namespace troupe::actors {

namespace {

constexpr std::size_t passage_bytes_max = 600;
constexpr std::size_t quoted_bytes_max = 400;

// Never end a sentence.
constexpr auto titles = std::to_array<std::string_view>(
    {"approx", "capt", "cf",     "col", "dr", "gen", "gov", "hon",
     "lt",     "maj",  "messrs", "mme", "mr", "mrs", "ms",  "prof",
     "rep",    "rev",  "sen",    "sgt", "st", "viz", "vs"});
static_assert(std::is_sorted(titles.begin(), titles.end()));

// Do not end a sentence where a digit follows.
constexpr auto counters = std::to_array<std::string_view>(
    {"apr",  "art", "aug", "ch",  "dec", "eq",   "feb", "fig",
     "figs", "jan", "jul", "jun", "mar", "no",   "nos", "nov",
     "oct",  "p",   "pp",  "sec", "sep", "sept", "v",   "vol"});
static_assert(std::is_sorted(counters.begin(), counters.end()));

struct mark {
  std::size_t bytes = 0; ///< 0: not the mark sought.
  bool needs_space = true;
};

bool has(std::string_view text, std::size_t at, std::string_view piece) {
  return text.compare(at, piece.size(), piece) == 0;
}

mark terminator_at(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '.' || c == '!' || c == '?')
    return {1, true};
  if (static_cast<unsigned char>(c) < 0x80)
    return {};
  if (has(text, at, "\xE2\x80\xA6"))
    return {3, true};
  for (const auto* wide : {"\xE3\x80\x82", "\xEF\xBC\x81", "\xEF\xBC\x9F"})
    if (has(text, at, wide))
      return {3, false};
  return {};
}

std::size_t closer_bytes(std::string_view text, std::size_t at) {
  if (std::string_view{"\"')]*_"}.find(text[at]) != std::string_view::npos)
    return 1;
  if (has(text, at, "\xC2\xBB"))
    return 2;
  for (const auto* wide : {"\xE2\x80\x9D", "\xE2\x80\x99", "\xE3\x80\x8D",
                           "\xE3\x80\x8F", "\xEF\xBC\x89"})
    if (has(text, at, wide))
      return 3;
  return 0;
}

template <std::size_t Size>
bool is_among(const std::array<std::string_view, Size>& words,
              std::string_view token) {
  std::string folded(token);
  std::transform(folded.begin(), folded.end(), folded.begin(), lower);
  return std::binary_search(words.begin(), words.end(), folded);
}

/// Cuts one paragraph; keeps track of open quotation marks.
class sentence_splitter {
public:
  explicit sentence_splitter(std::string_view text) : text_(text) {}

  std::vector<std::string_view> run() {
    for (std::size_t at = 0; at < text_.size();) {
      if (const auto end = terminator_at(text_, at); end.bytes != 0)
        at = pass_terminator(at, end.needs_space);
      else
        at += pass_quote(at);
    }
    emit(text_.size());
    return std::move(found_);
  }

private:
  std::size_t pass_quote(std::size_t at) {
    if (text_[at] == '"') {
      is_quoted_ = !is_quoted_;
    } else if (static_cast<unsigned char>(text_[at]) < 0x80) {
      return 1;
    } else if (has(text_, at, "\xE2\x80\x9C")) {
      is_quoted_ = true;
      return 3;
    } else if (has(text_, at, "\xE2\x80\x9D")) {
      is_quoted_ = false;
      return 3;
    }
    return 1;
  }

  std::size_t pass_terminator(std::size_t at, bool needs_space) {
    auto end = at;
    while (end < text_.size())
      if (const auto more = terminator_at(text_, end); more.bytes != 0)
        end += more.bytes;
      else
        break;
    const bool is_lone_dot = end == at + 1 && text_[at] == '.';
    while (end < text_.size())
      if (const auto bytes = closer_bytes(text_, end); bytes != 0) {
        pass_quote(end);
        end += bytes;
      } else {
        break;
      }
    if (ends_here(at, end, needs_space, is_lone_dot))
      emit(end);
    return end;
  }

  bool ends_here(std::size_t at, std::size_t end, bool needs_space,
                 bool is_lone_dot) const {
    if (end == text_.size())
      return true;
    if (is_quoted_ && end - begin_ < quoted_bytes_max)
      return false;
    if (!needs_space)
      return true;
    if (!is_space(text_[end]))
      return false;
    auto next = end;
    while (next < text_.size() && is_space(text_[next]))
      ++next;
    const char c = next < text_.size() ? text_[next] : 'A';
    if (c >= 'a' && c <= 'z')
      return false;
    return !is_lone_dot || !is_abbreviation(at, is_digit(c));
  }

  /// Whether the dot at `at` belongs to the word before it.
  bool is_abbreviation(std::size_t at, bool digit_follows) const {
    auto first = at;
    while (first > begin_
           && (is_letter(text_[first - 1]) || is_digit(text_[first - 1])
               || text_[first - 1] == '.'))
      --first;
    const auto token = text_.substr(first, at - first);
    if (token.empty())
      return false;
    const bool is_initial =
        token.size() == 1 && token[0] >= 'A' && token[0] <= 'Z';
    if (is_initial || is_among(titles, token))
      return true;
    if (digit_follows && is_among(counters, token))
      return true;
    if (token.find('.') != std::string_view::npos && is_letter(token[0]))
      return token != "a.m" && token != "p.m";
    const bool is_number = std::all_of(token.begin(), token.end(), is_digit);
    return is_number && trim(text_.substr(begin_, first - begin_)).empty();
  }

  void emit(std::size_t end) {
    auto sentence = trim(text_.substr(begin_, end - begin_));
    begin_ = end;
    is_quoted_ = false;
    while (sentence.size() > passage_bytes_max) {
      auto cut = sentence.rfind(' ', passage_bytes_max);
      if (cut == std::string_view::npos || cut == 0)
        cut = clip(sentence, passage_bytes_max).size();
      found_.push_back(trim(sentence.substr(0, cut)));
      sentence = trim(sentence.substr(cut));
    }
    if (!sentence.empty())
      found_.push_back(sentence);
  }

  std::string_view text_;
  std::size_t begin_ = 0;
  bool is_quoted_ = false;
  std::vector<std::string_view> found_;
};

} // namespace

std::vector<std::string_view> split_sentences(std::string_view paragraph) {
  return sentence_splitter{paragraph}.run();
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_space(text.back()))
    text.remove_suffix(1);
  return text;
}

std::string one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : trim(text))
    if (!is_space(c))
      out += c;
    else if (out.back() != ' ')
      out += ' ';
  return out;
}

} // namespace troupe::actors
