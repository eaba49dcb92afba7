#include "text_digest_rank.hpp"

#include "text_digest_words.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace troupe::actors {

namespace {

constexpr std::uint32_t terms_max = 64; // of one passage
constexpr std::uint64_t words_long = 38;

/// Openings that lean on the sentence before; a digest tears them apart.
constexpr auto leaning = std::to_array<std::string_view>(
    {"And", "But", "He", "However", "It", "She", "So", "That", "Then", "These",
     "They", "This", "Those", "Thus", "Yet"});

/// log2 in 1/256, of at least 1.
std::uint32_t log2_fixed(std::uint64_t x) noexcept {
  const auto whole = static_cast<std::uint32_t>(std::bit_width(x)) - 1;
  std::uint64_t mantissa =
      whole > 31 ? x >> (whole - 31) : x << (31 - whole); // 1 to 2, in 1/2^31
  std::uint32_t out = whole;
  for (int i = 0; i < 8; ++i) {
    mantissa = (mantissa * mantissa) >> 31U;
    out <<= 1U;
    if (mantissa >= (std::uint64_t{1} << 32U)) {
      mantissa >>= 1U;
      out |= 1U;
    }
  }
  return out;
}

std::uint64_t square_root(std::uint64_t x) noexcept {
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << 31U; bit != 0; bit >>= 1U)
    if ((root | bit) * (root | bit) <= x)
      root |= bit;
  return root;
}

bool is_term(const word& w) noexcept {
  return w.text.size() >= 3 && !is_function_word(w.text);
}

/// A passage under way to its rank.
struct draft {
  std::uint32_t index = 0;
  std::uint32_t words = 0;
  std::uint32_t begin = 0; ///< Into the list of hashes.
  std::uint32_t end = 0;
};

bool is_candidate(const passage& p) noexcept {
  if (p.kind == passage_kind::code)
    return is_telling_code(p.text);
  return p.kind != passage_kind::heading;
}

class ranker {
public:
  ranker(std::span<const sourced_passage> passages, std::string_view task,
         std::uint32_t words_min)
      : passages_(passages), task_(task), words_min_(words_min) {}

  passage_ranking run() {
    read_words();
    number_terms();
    weigh_terms();
    score_all();
    return std::move(out_);
  }

private:
  void read_words() {
    hashes_.reserve(passages_.size() * 12);
    for (std::uint32_t i = 0; i < passages_.size(); ++i) {
      const auto& p = passages_[i].body;
      draft now{i, 0, static_cast<std::uint32_t>(hashes_.size()), 0};
      word_reader words{p.text};
      for (word w; words.next(w);) {
        ++now.words;
        if (is_term(w) && hashes_.size() - now.begin < terms_max)
          hashes_.push_back(hash_of(w.text));
      }
      now.end = static_cast<std::uint32_t>(hashes_.size());
      if (!is_candidate(p))
        continue; // its words still say what the text is about
      const auto needed =
          p.kind == passage_kind::code ? std::min(2U, words_min_) : words_min_;
      if (now.words >= needed)
        drafts_.push_back(now);
    }
  }

  /// Replaces hashes by dense numbers.
  void number_terms() {
    known_ = hashes_;
    std::sort(known_.begin(), known_.end());
    known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
    out_.terms.reserve(hashes_.size());
    occurrences_.assign(known_.size(), 0);
    for (const auto hash : hashes_) {
      const auto at = std::lower_bound(known_.begin(), known_.end(), hash);
      const auto term = static_cast<std::uint32_t>(at - known_.begin());
      out_.terms.push_back(term);
      ++occurrences_[term];
    }
    for (auto& d : drafts_) {
      const auto begin = out_.terms.begin() + d.begin;
      const auto end = out_.terms.begin() + d.end;
      std::sort(begin, end);
      d.end =
          d.begin + static_cast<std::uint32_t>(std::unique(begin, end) - begin);
    }
  }

  void weigh_terms() {
    std::vector<std::uint32_t> passages_with(known_.size(), 0);
    for (const auto& d : drafts_)
      for (auto i = d.begin; i < d.end; ++i)
        ++passages_with[out_.terms[i]];
    out_.weights.assign(known_.size(), 0);
    const auto total = log2_fixed(drafts_.size() + 1);
    for (std::size_t t = 0; t < known_.size(); ++t)
      if (passages_with[t] != 0)
        out_.weights[t] = 1
                          + log2_fixed(1 + occurrences_[t])
                                * (total - log2_fixed(passages_with[t])) / 256;
    word_reader words{task_};
    for (word w; words.next(w);) {
      const auto hash = hash_of(w.text);
      const auto at = std::lower_bound(known_.begin(), known_.end(), hash);
      if (is_term(w) && at != known_.end() && *at == hash)
        asked_.push_back(static_cast<std::uint32_t>(at - known_.begin()));
    }
    std::sort(asked_.begin(), asked_.end());
    asked_.erase(std::unique(asked_.begin(), asked_.end()), asked_.end());
    for (const auto term : asked_)
      out_.weights[term] *= 3;
  }

  void score_all() {
    std::vector<std::uint32_t> first, count;
    for (std::uint32_t i = 0; i < passages_.size(); ++i) {
      const auto source = passages_[i].source;
      if (source >= first.size()) {
        first.resize(source + 1, i);
        count.resize(source + 1, 0);
      }
      ++count[source];
    }
    for (const auto& d : drafts_) {
      const auto source = passages_[d.index].source;
      std::uint64_t sum = 0;
      for (auto i = d.begin; i < d.end; ++i)
        sum += out_.weights[out_.terms[i]];
      // Without a norm the longest win; with the full one the shortest do: the
      // power 3/4 of the length lies between.
      const auto root = square_root((d.end - d.begin + 6) * 65'536ULL);
      auto score = sum * 1'048'576 / (root * square_root(root * 256));
      const std::uint64_t left = count[source] - (d.index - first[source]);
      score = score * (1000 + 350 * left / count[source]) / 1000;
      score = score * merit(d) / 1000;
      out_.ranks.push_back({d.index, score, d.begin, d.end});
    }
    std::sort(out_.ranks.begin(), out_.ranks.end(),
              [](const passage_rank& a, const passage_rank& b) {
                return a.score != b.score ? a.score > b.score
                                          : a.index < b.index;
              });
  }

  /// How well the passage stands alone, in permille.
  std::uint64_t merit(const draft& d) const {
    const auto& p = passages_[d.index].body;
    std::uint64_t value = 1000;
    const bool opens_block =
        d.index == 0 || passages_[d.index - 1].body.block != p.block;
    if (opens_block)
      value += 120;
    if (p.kind == passage_kind::code)
      return value;
    const auto first = p.text.substr(0, p.text.find(' '));
    if (std::find(leaning.begin(), leaning.end(), first) != leaning.end())
      value -= 200;
    if (p.text.back() == '?' || p.text.back() == ':')
      value -= 300;
    // Speech, whole or torn: who says it, and to whom, is told elsewhere.
    if (p.text.find('"') != std::string_view::npos
        || p.text.find("\xE2\x80\x9C") != std::string_view::npos
        || p.text.find("\xE2\x80\x9D") != std::string_view::npos)
      value -= 250;
    if (p.text.find("://") != std::string_view::npos || p.text[0] == '|')
      value -= 300;
    if (d.words > words_long || d.words < 7)
      value -= 250;
    if (p.kind == passage_kind::sentence && is_letter(p.text.back()))
      value -= 200; // cut off, or a line of its own
    return value;
  }

  std::span<const sourced_passage> passages_;
  std::string_view task_;
  std::uint32_t words_min_;
  std::vector<std::uint64_t> hashes_; ///< Of all terms, in order.
  std::vector<std::uint64_t> known_;  ///< Sorted, distinct.
  std::vector<std::uint32_t> occurrences_;
  std::vector<std::uint32_t> asked_;
  std::vector<draft> drafts_;
  passage_ranking out_;
};

} // namespace

std::uint32_t passage_ranking::likeness(const passage_rank& a,
                                        const passage_rank& b) const {
  std::uint64_t of_a = 0, of_b = 0, shared = 0;
  for (auto i = a.terms_begin; i < a.terms_end; ++i)
    of_a += weights[terms[i]];
  for (auto i = b.terms_begin; i < b.terms_end; ++i)
    of_b += weights[terms[i]];
  for (auto i = a.terms_begin, j = b.terms_begin;
       i < a.terms_end && j < b.terms_end;) {
    if (terms[i] == terms[j]) {
      shared += weights[terms[i]];
      ++i;
      ++j;
    } else {
      terms[i] < terms[j] ? ++i : ++j;
    }
  }
  const auto fewer = std::min(of_a, of_b);
  return fewer == 0 ? 0 : static_cast<std::uint32_t>(shared * 1000 / fewer);
}

passage_ranking rank_passages(std::span<const sourced_passage> passages,
                              std::string_view task, std::uint32_t words_min) {
  return ranker{passages, task, words_min}.run();
}

} // namespace troupe::actors
