#include "answer_table.hpp"

#include "answer_rules.hpp"

#include <utility>

namespace troupe::actors {

using protocol::instant;

kept_answer_ptr answer_table::find(const answer_key_ptr& key, instant now) {
  const auto found = entries_.find(key);
  if (found == entries_.end())
    return nullptr;
  const auto at = found->second;
  if (at->what->until <= now) {
    remove(at);
    return nullptr;
  }
  order_.splice(order_.begin(), order_, at);
  return at->what;
}

void answer_table::put(const answer_key_ptr& key, kept_answer_ptr what,
                       instant now) {
  if (const auto old = entries_.find(key); old != entries_.end())
    remove(old->second);
  const auto weight = overhead + key->bytes.size() + weight_of(what->reply);
  if (what->until <= now || weight > limits_.bytes || limits_.entries == 0)
    return;
  while (entries_.size() >= limits_.entries || bytes_ + weight > limits_.bytes)
    remove(std::prev(order_.end()));
  order_.push_front({key, std::move(what), weight});
  entries_.emplace(key, order_.begin());
  bytes_ += weight;
}

void answer_table::remove(order::iterator which) {
  bytes_ -= which->weight;
  entries_.erase(which->key);
  order_.erase(which);
}

} // namespace troupe::actors
