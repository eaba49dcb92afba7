#include "troupe/actors/agent_index.hpp"

#include "search_words.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <tuple>

namespace troupe::actors {

using protocol::agent_card;

namespace {

constexpr std::size_t card_words_max = 512;
constexpr std::size_t question_words_max = 64;

/// Fixed point: so many parts make one.
constexpr std::uint64_t one = 1'024;
constexpr std::uint64_t k1 = 1'229; // 1.2

/// By field: what an occurrence counts, and how much length thins it out.
constexpr std::array<std::uint64_t, 4> weights{2 * one, 3 * one, one, one};
constexpr std::array<std::uint64_t, 4> thinning{0, one / 4, 0, one / 2};

/// log2(x) in 16.16 fixed point, exact to its last bit but one; x > 0.
std::uint64_t log2_of(std::uint64_t x) {
  const auto whole = static_cast<std::uint64_t>(std::bit_width(x) - 1);
  // The mantissa, 1 <= m < 2, with 31 bits behind the point.
  auto m = whole > 31 ? x >> (whole - 31) : x << (31 - whole);
  std::uint64_t fraction = 0;
  for (int bit = 15; bit >= 0; --bit) {
    m = (m * m) >> 31U;
    if (m >> 32U != 0) {
      m >>= 1U;
      fraction |= std::uint64_t{1} << static_cast<unsigned>(bit);
    }
  }
  return (whole << 16U) | fraction;
}

/// How much a word tells that stands in `with` of `all` documents:
/// log2((all + 1) / (with + 1/2)), never 0 or less.
std::uint64_t weight_of(std::size_t with, std::size_t all) {
  return log2_of(2 * (std::uint64_t{all} + 1))
         - log2_of(2 * std::uint64_t{with} + 1);
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& each : texts)
    all += each + ' ';
  return all;
}

} // namespace

void agent_index::add(const agent_card& card) {
  auto place = static_cast<std::uint32_t>(documents_.size());
  if (!free_.empty())
    place = free_.back();
  if (!by_card_.emplace(&card, place).second)
    return;
  if (free_.empty())
    documents_.emplace_back();
  else
    free_.pop_back();
  auto& it = documents_[place];
  it.card = &card;
  const std::array<std::string, fields> texts{
      card.name, joined(card.skills), joined(card.tags), card.description};
  std::map<std::string, counts> found;
  for (std::size_t field = 0; field < fields; ++field) {
    const auto list = search_words(texts[field], card_words_max);
    it.lengths[field] = static_cast<std::uint16_t>(list.size());
    total_lengths_[field] += list.size();
    for (const auto& each : list) {
      auto& count = found[each][field];
      count = static_cast<std::uint8_t>(std::min(count + 1, 255));
    }
  }
  it.mentions.reserve(found.size());
  for (const auto& [text, count] : found) {
    auto& word = *words_.try_emplace(text).first;
    it.mentions.push_back(
        {&word, static_cast<std::uint32_t>(word.second.size())});
    word.second.push_back({place, count});
  }
}

void agent_index::remove(const agent_card& card) {
  const auto found = by_card_.find(&card);
  if (found == by_card_.end())
    return;
  const auto place = found->second;
  by_card_.erase(found);
  auto& it = documents_[place];
  for (const auto& [word, position] : it.mentions) {
    // The last posting moves to the free position, and is told so.
    auto& list = word->second;
    list[position] = list.back();
    for (auto& other : documents_[list[position].document].mentions)
      if (other.word == word)
        other.position = position;
    list.pop_back();
    if (list.empty())
      words_.erase(words_.find(word->first));
  }
  for (std::size_t field = 0; field < fields; ++field)
    total_lengths_[field] -= it.lengths[field];
  it = {};
  free_.push_back(place);
}

std::uint64_t
agent_index::frequency(const posting& it,
                       const std::array<std::uint64_t, fields>& slopes) const {
  const auto& lengths = documents_[it.document].lengths;
  std::uint64_t sum = 0;
  for (std::size_t field = 0; field < fields; ++field)
    if (it.occurrences[field] != 0)
      sum += weights[field] * it.occurrences[field] * one
             / (one - thinning[field] + slopes[field] * lengths[field] / one);
  return sum;
}

void agent_index::add_score(const word_table::value_type& word,
                            std::uint64_t weight,
                            std::vector<std::uint64_t>& scores,
                            std::vector<std::uint32_t>& touched) const {
  // By field: what a word of length adds to the divisor, times `one`.
  std::array<std::uint64_t, fields> slopes{};
  for (std::size_t field = 0; field < fields; ++field)
    slopes[field] = thinning[field] * one * by_card_.size()
                    / std::max<std::uint64_t>(total_lengths_[field], 1);
  for (const auto& it : word.second) {
    const auto often = frequency(it, slopes);
    auto& score = scores[it.document];
    if (score == 0)
      touched.push_back(it.document);
    score += 1 + weight * often / (k1 + often);
  }
}

std::vector<agent_index::hit> agent_index::search(std::string_view text,
                                                  const filter& passes,
                                                  std::size_t count_max) const {
  auto question = search_words(text, question_words_max);
  std::sort(question.begin(), question.end());
  question.erase(std::unique(question.begin(), question.end()), question.end());
  std::vector<std::uint64_t> scores(documents_.size());
  std::vector<std::uint32_t> touched;
  std::uint64_t most = 0;
  for (const auto& each : question) {
    const auto found = words_.find(each);
    const auto with = found == words_.end() ? 0 : found->second.size();
    const auto weight = weight_of(with, by_card_.size());
    most += weight + 1;
    if (with != 0)
      add_score(*found, weight, scores, touched);
  }
  std::vector<hit> hits;
  for (const auto place : touched) {
    const auto& card = *documents_[place].card;
    if (passes(card))
      hits.push_back(
          {&card, scores[place],
           static_cast<std::uint32_t>(scores[place] * 1'000 / most)});
  }
  const auto count = std::min(count_max, hits.size());
  std::partial_sort(hits.begin(),
                    hits.begin() + static_cast<std::ptrdiff_t>(count),
                    hits.end(), [](const hit& a, const hit& b) {
                      return std::tuple{b.score, a.card->level,
                                        std::string_view{a.card->name}}
                             < std::tuple{a.score, b.card->level,
                                          std::string_view{b.card->name}};
                    });
  hits.resize(count);
  return hits;
}

} // namespace troupe::actors
