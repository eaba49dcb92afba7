#pragma once

#include "troupe/actors/answer_cache.hpp"

#include <functional>
#include <list>
#include <memory>
#include <unordered_map>

namespace troupe::actors {

using answer_key_ptr = std::shared_ptr<const answer_key>;
using kept_answer_ptr = std::shared_ptr<const kept_answer>;

/// Hash and equality of keys, by what they point to.
struct answer_key_hash {
  std::size_t operator()(const answer_key_ptr& it) const noexcept {
    return it->print.low;
  }
};
struct answer_key_equal {
  bool operator()(const answer_key_ptr& a,
                  const answer_key_ptr& b) const noexcept {
    return *a == *b;
  }
};

/// Answers in memory, bounded in number and bytes: the least recently used go
/// first. Not thread-safe.
class answer_table {
public:
  /// What an entry costs beside its texts.
  static constexpr std::size_t overhead = 256;

  explicit answer_table(const answer_limits& limits) : limits_(limits) {}

  /// The answer under `key`, now the most recently used; null when there is
  /// none, or when its time has passed.
  kept_answer_ptr find(const answer_key_ptr& key, protocol::instant now);

  /// Keeps an answer in the place of any other under the key. One that is
  /// above the bounds by itself, or whose time has passed, is not kept.
  void put(const answer_key_ptr& key, kept_answer_ptr what,
           protocol::instant now);

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
  struct entry {
    answer_key_ptr key;
    kept_answer_ptr what;
    std::size_t weight = 0;
  };
  using order = std::list<entry>; // bounded by limits_, in put
  using index = std::unordered_map<answer_key_ptr, order::iterator,
                                   answer_key_hash, answer_key_equal>;

  void remove(order::iterator which);

  answer_limits limits_;
  order order_; ///< The most recently used first.
  index entries_;
  std::size_t bytes_ = 0;
};

} // namespace troupe::actors
