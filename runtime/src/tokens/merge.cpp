#include "tokens/merge.hpp"

#include <array>
#include <queue>

namespace troupe::tokens {

namespace {

constexpr std::size_t piece_bytes_max = 16U << 20U;
/// Up to here scanning a small array beats a heap.
constexpr std::size_t scan_bytes_max = 48;

unsigned char byte_at(std::string_view piece, std::size_t at) {
  return static_cast<unsigned char>(piece[at]);
}

rank rank_of(const rank_table& table, std::string_view piece, std::size_t begin,
             std::size_t end) {
  if (end - begin > table.token_bytes_max())
    return no_rank;
  return table.find(piece.substr(begin, end - begin));
}

/// Repeatedly scans for the lowest pair; for short pieces.
std::size_t merge_by_scan(const rank_table& table, std::string_view piece,
                          std::vector<rank>* out) {
  // A part i spans starts[i] to starts[i + 1]; ranks[i] is that of parts i
  // and i + 1 together.
  std::array<std::uint8_t, scan_bytes_max + 1> starts;
  std::array<rank, scan_bytes_max + 1> ranks;
  std::size_t count = piece.size();
  for (std::size_t i = 0; i <= count; ++i)
    starts[i] = static_cast<std::uint8_t>(i);
  for (std::size_t i = 0; i + 1 < count; ++i)
    ranks[i] = table.of_pair(byte_at(piece, i), byte_at(piece, i + 1));
  while (count > 1) {
    std::size_t best = 0;
    for (std::size_t i = 1; i + 1 < count; ++i)
      if (ranks[i] < ranks[best])
        best = i;
    if (ranks[best] == no_rank)
      break;
    --count;
    for (std::size_t i = best + 1; i <= count; ++i)
      starts[i] = starts[i + 1];
    for (std::size_t i = best + 1; i + 1 < count; ++i)
      ranks[i] = ranks[i + 1];
    if (best + 1 < count)
      ranks[best] = rank_of(table, piece, starts[best], starts[best + 2]);
    if (best > 0)
      ranks[best - 1] =
          rank_of(table, piece, starts[best - 1], starts[best + 1]);
  }
  for (std::size_t i = 0; out != nullptr && i < count; ++i)
    out->push_back(table.find(
        piece.substr(starts[i], std::size_t{starts[i + 1]} - starts[i])));
  return count;
}

/// A linked list of parts and a heap of the pairs that could be merged. A
/// pair in the heap is stale once one of its parts has grown or gone.
class heap_merge {
public:
  heap_merge(const rank_table& table, std::string_view piece)
      : table_(table), piece_(piece), next_(piece.size() + 1),
        previous_(piece.size() + 1), count_(piece.size()) {
    std::vector<pair> pairs;
    pairs.reserve(piece.size());
    for (std::uint32_t i = 0; i < piece.size(); ++i) {
      next_[i] = i + 1;
      previous_[i + 1] = i;
      if (i + 1 < piece.size()) {
        const auto value =
            table.of_pair(byte_at(piece, i), byte_at(piece, i + 1));
        if (value != no_rank)
          pairs.push_back({value, i, i + 2});
      }
    }
    heap_ = heap_type{later{}, std::move(pairs)};
  }

  std::size_t run(std::vector<rank>* out) {
    while (!heap_.empty()) {
      const auto top = heap_.top();
      heap_.pop();
      if (is_current(top))
        join(top);
    }
    const auto size = static_cast<std::uint32_t>(piece_.size());
    for (std::uint32_t i = 0; out != nullptr && i < size; i = next_[i])
      out->push_back(table_.find(piece_.substr(i, next_[i] - i)));
    return count_;
  }

private:
  struct pair {
    rank value;
    std::uint32_t begin;
    std::uint32_t end;
  };
  struct later {
    bool operator()(const pair& a, const pair& b) const noexcept {
      return a.value != b.value ? a.value > b.value : a.begin > b.begin;
    }
  };
  /// Bounded by the length of the piece, three entries a byte.
  using heap_type = std::priority_queue<pair, std::vector<pair>, later>;

  [[nodiscard]] bool is_current(const pair& x) const {
    const auto middle = next_[x.begin]; // 0: the part has gone
    return middle != 0 && middle < piece_.size() && next_[middle] == x.end;
  }

  void join(const pair& x) {
    next_[next_[x.begin]] = 0;
    next_[x.begin] = x.end;
    previous_[x.end] = x.begin;
    --count_;
    if (x.end < piece_.size())
      offer(x.begin, next_[x.end]);
    if (x.begin > 0)
      offer(previous_[x.begin], x.end);
  }

  void offer(std::uint32_t begin, std::uint32_t end) {
    const auto value = rank_of(table_, piece_, begin, end);
    if (value != no_rank)
      heap_.push({value, begin, end});
  }

  const rank_table& table_;
  std::string_view piece_;
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> previous_;
  std::size_t count_;
  heap_type heap_;
};

} // namespace

std::size_t encode_piece(const rank_table& table, std::string_view piece,
                         std::vector<rank>* out) {
  std::size_t count = 0;
  for (; piece.size() > piece_bytes_max; piece.remove_prefix(piece_bytes_max))
    count += heap_merge{table, piece.substr(0, piece_bytes_max)}.run(out);
  if (piece.empty())
    return count;
  const auto whole =
      piece.size() <= table.token_bytes_max() ? table.find(piece) : no_rank;
  if (whole != no_rank) {
    if (out != nullptr)
      out->push_back(whole);
    return count + 1;
  }
  if (piece.size() <= scan_bytes_max)
    return count + merge_by_scan(table, piece, out);
  return count + heap_merge{table, piece}.run(out);
}

} // namespace troupe::tokens
