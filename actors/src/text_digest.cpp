#include "text_digest.hpp"

#include "clip.hpp"
#include "text_digest_random.hpp"
#include "text_digest_rank.hpp"
#include "text_digest_words.hpp"

#include <algorithm>

namespace troupe::actors {

namespace {

constexpr std::size_t windows = 16;
constexpr std::size_t pool_max = 256;
constexpr std::size_t picks_max = 64;
constexpr int misfits_max = 12;
constexpr std::uint32_t words_min = 4;
constexpr std::size_t opening_bytes_max = 200;
constexpr std::uint64_t tokens_with_opening = 60;
constexpr std::uint32_t source_bonus_permille = 400;

/// Adds the passages of one input, or of evenly spread parts of it.
void read_input(std::string_view text, std::uint32_t source,
                std::size_t bytes_max, std::vector<sourced_passage>& out) {
  const bool is_whole = text.size() <= bytes_max;
  const auto parts = is_whole ? 1 : windows;
  const auto bytes = is_whole ? text.size() : bytes_max / parts;
  for (std::size_t i = 0; i < parts; ++i) {
    const auto begin = parts == 1 ? 0 : (text.size() - bytes) / (parts - 1) * i;
    auto found = split_passages(text.substr(begin, bytes));
    // The first and last of a part may be torn.
    const std::size_t head = i > 0 && !found.empty() ? 1 : 0;
    const std::size_t tail = i + 1 < parts && found.size() > head ? 1 : 0;
    const auto base = out.empty() ? 0 : out.back().body.block + 1;
    for (auto at = head; at + tail < found.size(); ++at) {
      found[at].block += base;
      out.push_back({found[at], source});
    }
  }
}

std::vector<sourced_passage> read_inputs(const digest_request& request) {
  std::size_t total = 0;
  for (const auto input : request.inputs)
    total += input.size();
  std::vector<sourced_passage> out;
  for (std::uint32_t i = 0; i < request.inputs.size(); ++i) {
    const auto input = request.inputs[i];
    auto share = input.size();
    if (total > request.bytes_max) // 64 bits hold the product of two sizes here
      share = request.bytes_max * (input.size() / 64 + 1) / (total / 64 + 1);
    read_input(input, i, share, out);
  }
  return out;
}

/// Picks by worth, less what has been said (maximal marginal relevance).
class picker {
public:
  picker(const digest_request& request, const token_count& count,
         std::span<const sourced_passage> passages,
         const passage_ranking& ranking)
      : request_(request), count_(count), passages_(passages),
        ranking_(ranking), random_(mix(request.seed, 1)),
        said_(ranking.ranks.size(), 0), is_taken_(ranking.ranks.size(), false),
        has_source_(request.inputs.size(), false) {}

  /// Indexes of passages, in the order of picking.
  std::vector<std::uint32_t> run(std::uint64_t tokens_left) {
    std::vector<std::uint32_t> picks;
    int misfits = 0;
    while (picks.size() < picks_max && misfits < misfits_max) {
      const auto at = choose();
      if (at == ranking_.ranks.size())
        break;
      is_taken_[at] = true;
      const auto& rank = ranking_.ranks[at];
      const auto tokens = count_(one_line(passages_[rank.index].body.text)) + 1;
      if (tokens > tokens_left) {
        ++misfits;
        continue;
      }
      misfits = 0;
      tokens_left -= tokens;
      has_source_[passages_[rank.index].source] = true;
      picks.push_back(rank.index);
      remember(rank);
    }
    return picks;
  }

private:
  std::size_t choose() {
    const auto all = ranking_.ranks.size();
    if (request_.quality_permille < 1000
        && random_.below(1000) >= request_.quality_permille)
      for (int i = 0; i < 8 && all > 0; ++i)
        if (const auto at = random_.below(all); !is_taken_[at])
          return at;
    auto best = all;
    std::uint64_t best_value = 0;
    for (std::size_t at = 0; at < std::min(all, pool_max); ++at)
      if (const auto value = is_taken_[at] ? 0 : value_of(at) + 1;
          value > best_value) {
        best = at;
        best_value = value;
      }
    return best;
  }

  std::uint64_t value_of(std::size_t at) const {
    const auto& rank = ranking_.ranks[at];
    auto value = rank.score * (1000 - std::min(said_[at], 1000U) * 8 / 10);
    if (!has_source_[passages_[rank.index].source])
      value = value / 1000 * (1000 + source_bonus_permille);
    if (request_.jitter_permille > 0) {
      const auto chance =
          mix(request_.seed, 2 + rank.index) % 2001; // 0 to 2000
      const auto span = std::min(request_.jitter_permille, 1000U);
      value = value / 1000 * (1000 - span + span * chance / 1000);
    }
    // Nothing new at all: leave it out, unless there is nothing else.
    return said_[at] > 800 ? value / 1000 : value;
  }

  void remember(const passage_rank& rank) {
    for (std::size_t at = 0; at < std::min(said_.size(), pool_max); ++at)
      if (!is_taken_[at])
        said_[at] =
            std::max(said_[at], ranking_.likeness(ranking_.ranks[at], rank));
  }

  const digest_request& request_;
  const token_count& count_;
  std::span<const sourced_passage> passages_;
  const passage_ranking& ranking_;
  seeded_random random_;
  std::vector<std::uint32_t> said_; ///< Likeness to what was picked.
  std::vector<bool> is_taken_;
  std::vector<bool> has_source_;
};

std::string render(const std::string& opening,
                   std::span<const sourced_passage> passages,
                   std::vector<std::uint32_t> picks) {
  std::sort(picks.begin(), picks.end());
  auto out = opening;
  const sourced_passage* last = nullptr;
  for (const auto index : picks) {
    const auto& now = passages[index];
    const bool is_prose = now.body.kind == passage_kind::sentence;
    if (last == nullptr || last->source != now.source)
      out += out.empty() ? "" : "\n\n";
    else
      out += is_prose && last->body.kind == now.body.kind ? " " : "\n";
    if (now.body.kind == passage_kind::list_item && now.body.text[0] != '|'
        && (last == nullptr || last->body.block != now.body.block))
      out += "- ";
    out += one_line(now.body.text);
    last = &now;
  }
  return out;
}

/// The task's first sentence as the line that leads to what follows.
std::string opening_of(std::string_view task) {
  const auto passages = split_passages(clip(task, 4000), 8);
  for (const auto& p : passages) {
    if (p.text.size() > opening_bytes_max || count_words(p.text) < 2)
      continue;
    auto line = one_line(p.text);
    while (!line.empty()
           && std::string_view{".:;,"}.find(line.back())
                  != std::string_view::npos)
      line.pop_back();
    return line.ends_with('?') ? line : line + ":";
  }
  return {};
}

std::string own_words(const digest_request& request, const token_count& count) {
  for (const auto input : request.inputs)
    if (count_words(clip(input, request.bytes_max)) > 0)
      return first_tokens(one_line(clip(input, 4000)), request.tokens_max,
                          count);
  if (!request.opens_with_task)
    return {};
  return first_tokens(one_line(clip(request.task, 4000)), request.tokens_max,
                      count);
}

} // namespace

std::uint64_t quarter_of_bytes(std::string_view text) noexcept {
  return (text.size() + 3) / 4;
}

std::string first_tokens(std::string_view text, std::uint64_t tokens_max,
                         const token_count& count) {
  if (count(text) <= tokens_max)
    return std::string{text};
  std::size_t fits = 0, too_long = text.size();
  while (fits + 1 < too_long) {
    const auto middle = fits + (too_long - fits) / 2;
    (count(text.substr(0, middle)) <= tokens_max ? fits : too_long) = middle;
  }
  auto out = clip(text, fits);
  if (const auto space = out.find_last_of(" \n");
      space != std::string_view::npos && !is_space(text[out.size()]))
    out = out.substr(0, space);
  return std::string{trim(out)};
}

std::string digest_of(const digest_request& request, const token_count& count) {
  const auto passages = read_inputs(request);
  auto ranking = rank_passages(passages, request.task, words_min);
  if (ranking.ranks.empty())
    ranking = rank_passages(passages, request.task, 1);
  if (ranking.ranks.empty())
    return own_words(request, count);
  std::string opening;
  if (request.opens_with_task && request.tokens_max >= tokens_with_opening)
    opening = opening_of(request.task);
  auto left = request.tokens_max;
  if (const auto tokens = count(opening) + 1;
      opening.empty() || tokens * 3 > left)
    opening.clear();
  else
    left -= tokens;
  auto picks = picker{request, count, passages, ranking}.run(left);
  auto text = render(opening, passages, picks);
  while (picks.size() > 1 && count(text) > request.tokens_max) {
    picks.pop_back();
    text = render(opening, passages, picks);
  }
  if (picks.empty())
    text = one_line(passages[ranking.ranks.front().index].body.text);
  return first_tokens(text, request.tokens_max, count);
}

} // namespace troupe::actors
