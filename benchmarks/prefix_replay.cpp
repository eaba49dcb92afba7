#include "prefix_replay.hpp"

#include "prefix_table.hpp"
#include "rate_gate.hpp"

#include <algorithm>
#include <list>
#include <numeric>
#include <unordered_map>

namespace troupe::benchmarks {

namespace {

constexpr std::uint64_t block_tokens = 512;
constexpr std::uint64_t input_per_minute = 1'000'000; // of a key

/// The cache of one key, as its provider keeps it.
class block_cache {
public:
  /// How many tokens of the prompt it had; now it has them all.
  std::uint64_t read(const recorded& call) {
    std::uint64_t had = 0;
    bool goes_on = true;
    for (const auto block : call.blocks) {
      const auto found = blocks_.find(block);
      goes_on =
          goes_on && found != blocks_.end() && call.at < found->second.until;
      had += goes_on ? block_tokens : 0;
    }
    // The last first, so that beginnings are kept longest.
    for (auto it = call.blocks.rbegin(); it != call.blocks.rend(); ++it)
      keep(*it, call.at + std::chrono::minutes{5});
    return std::min<std::uint64_t>(had, call.input);
  }

private:
  struct kept {
    instant until;
    std::list<std::uint32_t>::iterator place;
  };
  static constexpr std::size_t blocks_max = 20'000;

  void keep(std::uint32_t block, instant until) {
    auto [it, is_new] = blocks_.try_emplace(block);
    if (!is_new)
      order_.erase(it->second.place);
    it->second = {until, order_.insert(order_.begin(), block)};
    if (blocks_.size() > blocks_max) {
      blocks_.erase(order_.back());
      order_.pop_back();
    }
  }

  std::unordered_map<std::uint32_t, kept> blocks_;
  std::list<std::uint32_t> order_; // bounded by blocks_max
};

std::vector<prefix_mark> marks_of(const recorded& call) {
  std::vector<prefix_mark> marks;
  for (const auto block : call.blocks)
    marks.push_back({block + 1, (marks.size() + 1) * block_tokens});
  return marks;
}

class chooser {
public:
  chooser(std::size_t keys, key_choice how)
      : how_(how), gates_(keys, actors::rate_gate{input_per_minute}) {}

  std::size_t choose(const recorded& call) {
    const auto key = pick(call);
    gates_[key].take(call.input, call.at);
    return key;
  }
  /// As an answer's usage tells it.
  void correct(std::size_t key, const recorded& call, std::uint64_t had) {
    gates_[key].correct(call.input, call.input - had);
  }

private:
  std::size_t pick(const recorded& call) {
    if (how_ == key_choice::in_turn)
      return next_++ % gates_.size();
    if (how_ == key_choice::pinned) // all have the same first block
      return call.blocks[std::min<std::size_t>(1, call.blocks.size() - 1)]
             * 0x9E3779B97F4A7C15ULL % 1'000'003 % gates_.size();
    const auto marks = marks_of(call);
    auto to = gates_.size();
    for (const auto& it : affinity_.find(marks, call.at))
      if (to == gates_.size()
          && gates_[it.holder].ready_at(call.input)
                 <= call.at + std::chrono::seconds{1}
          && it.size > block_tokens)
        to = it.holder;
    if (to == gates_.size())
      to = static_cast<std::size_t>(
          std::min_element(gates_.begin(), gates_.end(),
                           [](const auto& a, const auto& b) {
                             return a.ready_at(1) < b.ready_at(1);
                           })
          - gates_.begin());
    affinity_.note(to, marks, call.at);
    return to;
  }

  key_choice how_;
  std::vector<actors::rate_gate> gates_;
  prefix_table affinity_{{}};
  std::size_t next_ = 0;
};

} // namespace

cache_outcome replay_prefixes(const std::vector<recorded>& calls,
                              std::size_t keys, key_choice choice) {
  std::vector<block_cache> caches(keys);
  std::vector<double> anew(keys);
  chooser who{keys, choice};
  double all = 0, hits = 0;
  for (const auto& call : calls) {
    if (call.blocks.empty())
      continue;
    const auto key = who.choose(call);
    const auto had = caches[key].read(call);
    who.correct(key, call, had);
    all += call.input;
    hits += static_cast<double>(had);
    anew[key] += static_cast<double>(call.input - had);
  }
  const auto sum = std::accumulate(anew.begin(), anew.end(), 0.0);
  return {hits / all, *std::max_element(anew.begin(), anew.end())
                          * static_cast<double>(keys) / sum};
}

} // namespace troupe::benchmarks
