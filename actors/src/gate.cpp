#include "troupe/actors/gate.hpp"

#include "clip.hpp"
#include "text_digest_sentences.hpp"
#include "text_digest_words.hpp"

#include <algorithm>

namespace troupe::actors {

namespace {

constexpr std::size_t output_bytes_max = 4U << 20U;
constexpr std::size_t phrase_bytes_shown = 80;
constexpr std::size_t phrases_shown = 10;
constexpr std::uint32_t letters_min = 4;

/// Lower case, one space for each run of white space.
std::string folded(std::string_view text) {
  auto out = one_line(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

glyph::type type_before(std::string_view text, std::size_t at) noexcept {
  auto begin = at - 1;
  while (begin > 0 && at - begin < 4
         && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U)
    --begin;
  return glyph_at(text, begin).what;
}

/// False inside a word.
bool is_edge(std::string_view text, std::size_t at) noexcept {
  if (at == 0 || at >= text.size())
    return true;
  const auto in_word = [](glyph::type what) {
    return what == glyph::type::letter || what == glyph::type::digit;
  };
  return !in_word(type_before(text, at)) || !in_word(glyph_at(text, at).what);
}

/// Knuth, Morris, Pratt: linear whatever the texts are. Both are folded.
bool mentions(std::string_view text, std::string_view phrase) {
  std::vector<std::size_t> border(phrase.size() + 1, 0);
  for (std::size_t i = 1, k = 0; i < phrase.size(); ++i) {
    while (k > 0 && phrase[i] != phrase[k])
      k = border[k];
    k += phrase[i] == phrase[k] ? 1 : 0;
    border[i + 1] = k;
  }
  for (std::size_t i = 0, k = 0; i < text.size(); ++i) {
    while (k > 0 && (k == phrase.size() || text[i] != phrase[k]))
      k = border[k];
    k += text[i] == phrase[k] ? 1 : 0;
    if (k == phrase.size() && is_edge(text, i + 1 - k) && is_edge(text, i + 1))
      return true;
  }
  return false;
}

/// The phrases that are (or are not) there, as a list for people.
std::string list_phrases(std::string_view text,
                         const std::vector<std::string>& phrases,
                         bool are_there) {
  std::string out;
  std::size_t count = 0;
  for (const auto& phrase : phrases) {
    const auto sought = folded(phrase);
    if (sought.empty() || mentions(text, sought) != are_there)
      continue;
    if (++count > phrases_shown)
      continue;
    out += out.empty() ? "'" : ", '";
    out += clip(trim(phrase), phrase_bytes_shown);
    out += "'";
  }
  if (count > phrases_shown)
    out += " and " + std::to_string(count - phrases_shown) + " more";
  return out;
}

class findings {
public:
  void add(const std::string& finding) {
    text_ += text_.empty() ? "" : "; ";
    text_ += finding;
  }

  std::optional<std::string> text() && {
    if (text_.empty())
      return std::nullopt;
    return "The answer " + std::move(text_) + ".";
  }

private:
  std::string text_;
};

void check_length(const protocol::gate_spec& gate, std::string_view output,
                  findings& out) {
  const auto words = count_words(output);
  const auto has = "has " + std::to_string(words)
                   + (words == 1 ? " word" : " words") + " but needs at ";
  if (words < gate.words_min)
    out.add(has + "least " + std::to_string(gate.words_min) + " words");
  if (gate.words_max != 0 && words > gate.words_max)
    out.add(has + "most " + std::to_string(gate.words_max) + " words");
}

void check_phrases(const protocol::gate_spec& gate, std::string_view output,
                   findings& out) {
  if (gate.must_mention.empty() && gate.must_not_mention.empty())
    return;
  const auto text = folded(output);
  if (const auto missing = list_phrases(text, gate.must_mention, false);
      !missing.empty())
    out.add("does not mention " + missing);
  if (const auto banned = list_phrases(text, gate.must_not_mention, true);
      !banned.empty())
    out.add("must not mention " + banned);
}

/// The words of four letters or more of a text, as hashes.
template <class F>
void for_each_long_word(std::string_view text, F f) {
  word_reader words{text};
  for (word w; words.next(w);)
    if (w.letters >= letters_min)
      f(hash_of(w.text));
}

/// Which of the answer's words occur in the inputs. What it holds is bounded by
/// the answer, however long the inputs are.
class vocabulary {
public:
  vocabulary(std::string_view output,
             const std::vector<protocol::task_input>& inputs) {
    for_each_long_word(output, [&](auto hash) { words_.push_back(hash); });
    std::sort(words_.begin(), words_.end());
    words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
    is_known_.assign(words_.size(), false);
    for (const auto& input : inputs)
      for_each_long_word(input.text, [&](auto hash) {
        if (const auto at = find(hash); at != words_.size())
          is_known_[at] = true;
      });
  }

  bool knows(std::uint64_t hash) const {
    const auto at = find(hash);
    return at != words_.size() && is_known_[at];
  }

private:
  std::size_t find(std::uint64_t hash) const {
    const auto at = std::lower_bound(words_.begin(), words_.end(), hash);
    return at != words_.end() && *at == hash
               ? static_cast<std::size_t>(at - words_.begin())
               : words_.size();
  }

  std::vector<std::uint64_t> words_;
  std::vector<bool> is_known_;
};

struct tally {
  std::uint64_t all = 0;
  std::uint64_t grounded = 0;
};

} // namespace

std::uint32_t
grounded_permille(std::string_view output,
                  const std::vector<protocol::task_input>& inputs) {
  const vocabulary known{output, inputs};
  tally sentences, headings;
  for (const auto& passage : split_passages(output, output_bytes_max)) {
    std::uint64_t words = 0, found = 0;
    for_each_long_word(passage.text, [&](auto hash) {
      ++words;
      found += known.knows(hash) ? 1 : 0;
    });
    auto& count = passage.kind == passage_kind::heading ? headings : sentences;
    ++count.all;
    count.grounded += found * 2 >= words ? 1 : 0;
  }
  // A short line without a full stop reads like a heading; alone, it is the
  // answer.
  const auto& count = sentences.all == 0 ? headings : sentences;
  return count.all == 0
             ? 0
             : static_cast<std::uint32_t>(count.grounded * 1000 / count.all);
}

std::optional<std::string>
check_gate(const protocol::gate_spec& gate, std::string_view output,
           const std::vector<protocol::task_input>& inputs) {
  if (output.size() > output_bytes_max)
    return "The answer has more than 4 MiB.";
  findings out;
  check_length(gate, output, out);
  check_phrases(gate, output, out);
  if (gate.grounded_permille > 0) {
    const auto share = grounded_permille(output, inputs);
    if (share < gate.grounded_permille)
      out.add("has " + std::to_string(share)
              + " of 1000 sentences grounded in the inputs but needs "
              + std::to_string(gate.grounded_permille));
  }
  return std::move(out).text();
}

} // namespace troupe::actors
