#include "troupe/actors/task_complexity.hpp"

#include "text_digest_words.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace troupe::actors {

namespace {

constexpr std::size_t end_bytes = 16U << 10U;
constexpr std::size_t word_bytes_max = 16;

/// What was counted in a text.
struct text_counts {
  std::uint32_t words = 0;
  std::uint32_t long_words = 0; ///< Of nine letters or more.
  std::uint32_t numbers = 0;
  std::uint32_t conditions = 0;
  std::uint32_t formulas = 0; ///< Commands of TeX, powers, fractions.
  std::uint32_t code_signs = 0;
  std::uint32_t options = 0; ///< Lines such as `B) ...`.
  std::uint32_t questions = 0;
  std::array<std::uint32_t, task_types> cues{};
};

struct cue {
  std::string_view word;
  task_type type;
};

/// Words that tell a type of task, in order.
constexpr std::array<cue, 44> cues{{{"algorithm", task_type::code},
                                    {"article", task_type::writing},
                                    {"assert", task_type::code},
                                    {"blog", task_type::writing},
                                    {"bug", task_type::code},
                                    {"calculate", task_type::maths},
                                    {"class", task_type::code},
                                    {"code", task_type::code},
                                    {"compile", task_type::code},
                                    {"compute", task_type::maths},
                                    {"csv", task_type::extraction},
                                    {"debug", task_type::code},
                                    {"def", task_type::code},
                                    {"email", task_type::writing},
                                    {"english", task_type::translation},
                                    {"equation", task_type::maths},
                                    {"essay", task_type::writing},
                                    {"evaluate", task_type::maths},
                                    {"extract", task_type::extraction},
                                    {"french", task_type::translation},
                                    {"function", task_type::code},
                                    {"german", task_type::translation},
                                    {"implement", task_type::code},
                                    {"integer", task_type::maths},
                                    {"integers", task_type::maths},
                                    {"json", task_type::extraction},
                                    {"letter", task_type::writing},
                                    {"list", task_type::extraction},
                                    {"many", task_type::maths},
                                    {"maths", task_type::maths},
                                    {"much", task_type::maths},
                                    {"poem", task_type::writing},
                                    {"polynomial", task_type::maths},
                                    {"probability", task_type::maths},
                                    {"prove", task_type::maths},
                                    {"python", task_type::code},
                                    {"refactor", task_type::code},
                                    {"spanish", task_type::translation},
                                    {"sql", task_type::code},
                                    {"story", task_type::writing},
                                    {"summarise", task_type::writing},
                                    {"summarize", task_type::writing},
                                    {"translate", task_type::translation},
                                    {"triangle", task_type::maths}}};

constexpr std::array<std::string_view, 20> conditions{
    "all",    "and",     "at",    "both", "each",   "either", "every",
    "except", "exactly", "given", "if",   "least",  "most",   "must",
    "only",   "same",    "such",  "then", "unless", "without"};

bool is_condition(std::string_view word) {
  return std::find(conditions.begin(), conditions.end(), word)
         != conditions.end();
}

void count_word(std::string_view text, text_counts& to) {
  ++to.words;
  to.long_words += text.size() >= 9 ? 1 : 0;
  if (is_digit(text.front())) {
    ++to.numbers;
    return;
  }
  if (text.size() > word_bytes_max)
    return;
  std::array<char, word_bytes_max> small{};
  std::transform(text.begin(), text.end(), small.begin(), lower);
  const std::string_view word{small.data(), text.size()};
  to.conditions += is_condition(word) ? 1 : 0;
  const auto found = std::lower_bound(
      cues.begin(), cues.end(), word,
      [](const cue& it, std::string_view key) { return it.word < key; });
  if (found != cues.end() && found->word == word)
    ++to.cues.at(static_cast<std::size_t>(found->type));
}

void count_signs(std::string_view text, text_counts& to) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const bool begins_line = i == 0 || text[i - 1] == '\n';
    to.questions += c == '?' ? 1 : 0;
    to.formulas += (c == '\\' && is_letter(next)) || c == '^' ? 1 : 0;
    to.code_signs += c == ';' || c == '{' || c == '`'
                             || (c == '(' && next == ')')
                             || (c == '=' && next == '=')
                         ? 1
                         : 0;
    to.options +=
        begins_line && c >= 'A' && c <= 'F' && (next == ')' || next == '.') ? 1
                                                                            : 0;
  }
}

void count(std::string_view text, text_counts& to) {
  word_reader reader{text};
  for (word it; reader.next(it);)
    count_word(it.text, to);
  count_signs(text, to);
}

task_type type_of(const text_counts& of) {
  if (of.options >= 2)
    return task_type::choice;
  auto votes = of.cues;
  const auto add = [&](task_type to, std::uint32_t votes_more) {
    votes.at(static_cast<std::size_t>(to)) += votes_more;
  };
  add(task_type::maths, 2 * of.formulas + of.numbers / 3);
  add(task_type::code, of.code_signs / 2);
  const auto best = std::max_element(votes.begin(), votes.end());
  if (*best > 0)
    return static_cast<task_type>(best - votes.begin());
  return of.questions > 0 && of.words < 60 ? task_type::question
                                           : task_type::general;
}

/// From 0 to `most`, half of it at `half`.
std::uint32_t grown(std::uint64_t count, std::uint64_t half,
                    std::uint32_t most) {
  return static_cast<std::uint32_t>(most * count / (count + half));
}

std::uint32_t hardness(const text_counts& of) {
  const auto long_share = of.words == 0 ? 0 : 1000 * of.long_words / of.words;
  return grown(of.words, 150, 250) + grown(of.conditions, 8, 200)
         + grown(of.numbers, 8, 150) + grown(of.formulas, 6, 200)
         + grown(of.code_signs, 12, 100) + grown(long_share, 150, 100);
}

} // namespace

task_complexity analyse_complexity(std::string_view text) {
  text_counts counts;
  if (text.size() <= 2 * end_bytes) {
    count(text, counts);
  } else {
    count(text.substr(0, end_bytes), counts);
    count(text.substr(text.size() - end_bytes), counts);
  }
  return {type_of(counts), hardness(counts)};
}

} // namespace troupe::actors
