#include "follower_index.hpp"

namespace troupe::actors {

void follower_index::add(state_subscription& it) {
  auto& table = it.filter.is_prefix ? prefix_ : exact_;
  auto& place = table[it.filter.key];
  if (it.filter.is_prefix && place.empty())
    ++lengths_[it.filter.key.size()];
  it.is_live = true;
  it.position = place.size();
  place.push_back(&it);
  ++size_;
}

void follower_index::remove(state_subscription& it) {
  auto& table = it.filter.is_prefix ? prefix_ : exact_;
  const auto at = table.find(it.filter.key);
  auto& place = at->second;
  place[it.position] = place.back();
  place[it.position]->position = it.position;
  place.pop_back();
  it.is_live = false;
  --size_;
  if (!place.empty())
    return;
  table.erase(at);
  if (!it.filter.is_prefix)
    return;
  const auto length = lengths_.find(it.filter.key.size());
  if (--length->second == 0)
    lengths_.erase(length);
}

void follower_index::match(std::string_view key,
                           std::vector<state_subscription*>& out) const {
  const auto take = [&out](const by_text& table, std::string_view text) {
    if (const auto at = table.find(text); at != table.end())
      out.insert(out.end(), at->second.begin(), at->second.end());
  };
  take(exact_, key);
  for (const auto& [length, count] : lengths_) {
    if (length > key.size())
      break;
    take(prefix_, key.substr(0, length));
  }
}

} // namespace troupe::actors
