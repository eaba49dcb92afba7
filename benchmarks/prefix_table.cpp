#include "prefix_table.hpp"

#include <algorithm>

namespace troupe::benchmarks {

std::vector<prefix_table::holding>
prefix_table::find(std::span<const prefix_mark> marks,
                   protocol::instant now) const {
  std::vector<holding> found;
  for (auto it = marks.rbegin(); it != marks.rend(); ++it) {
    const auto known = marks_.find(it->mark);
    if (known == marks_.end())
      continue;
    const auto& uses = known->second.uses; // used last is the last
    for (auto one = uses.rbegin(); one != uses.rend(); ++one) {
      const bool is_new =
          std::none_of(found.begin(), found.end(), [&](const auto& other) {
            return other.holder == one->holder;
          });
      if (is_new && now < one->until)
        found.push_back({one->holder, it->size});
    }
  }
  return found;
}

void prefix_table::note(std::size_t holder, std::span<const prefix_mark> marks,
                        protocol::instant now) {
  // The shortest last: many begin alike, so they are forgotten last.
  for (auto it = marks.rbegin(); it != marks.rend(); ++it) {
    auto [known, is_new] = marks_.try_emplace(it->mark);
    auto& [uses, place] = known->second;
    if (!is_new)
      order_.erase(place);
    place = order_.insert(order_.begin(), it->mark);
    std::erase_if(uses, [&](const use& one) {
      return one.holder == holder || one.until <= now;
    });
    if (uses.size() >= holders_max)
      uses.erase(uses.begin()); // used least recently
    uses.push_back({holder, now + limits_.lifetime});
    if (marks_.size() > limits_.marks_max) {
      marks_.erase(order_.back());
      order_.pop_back();
    }
  }
}

} // namespace troupe::benchmarks
