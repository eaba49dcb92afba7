// The part of the state table that reads pages.
#include "state_table.hpp"

#include <algorithm>

namespace troupe::actors {

namespace {

/// What a key costs that is passed over: as one without a value.
constexpr std::size_t look_cost = 128;

} // namespace

/// How many versions ago `revision` saw the key: 0 is the present version. One
/// more than there are past ones: it did not exist, or that is forgotten.
std::size_t state_table::age_at(const slot& it, std::uint64_t revision) {
  if (it.now.revision <= revision)
    return 0;
  std::size_t low = 0;
  auto high = it.past.size();
  while (low < high) {
    const auto middle = (low + high) / 2;
    if (it.past.newest(middle).it.revision <= revision)
      high = middle;
    else
      low = middle + 1;
  }
  return low + 1;
}

const state_table::version* state_table::version_of(const slot& it,
                                                    std::size_t age) {
  if (age == 0)
    return &it.now;
  return age <= it.past.size() ? &it.past.newest(age - 1).it : nullptr;
}

bool state_table::read(state_page& page, work_allowance& allowance) const {
  auto at = page.after < page.key ? slots_.lower_bound(page.key)
                                  : slots_.upper_bound(page.after);
  const std::string* last = nullptr;
  for (; at != slots_.end(); ++at) {
    const auto& [key, it] = *at;
    if (!(page.is_prefix ? key.starts_with(page.key) : key == page.key))
      break;
    if (allowance.is_spent()) {
      if (last != nullptr)
        page.after = *last;
      return false;
    }
    last = &key;
    const auto* seen = version_of(it, age_at(it, page.revision));
    if (seen == nullptr || !seen->exists()) {
      allowance.spend(look_cost);
      continue;
    }
    const auto cost = state_cost(key, seen->value);
    page.has_more = !page.entries.empty()
                    && (page.entries.size() >= page.count_max
                        || page.bytes + cost > page.bytes_max);
    if (page.has_more) {
      page.after = page.entries.back().key;
      break;
    }
    page.bytes += cost;
    allowance.spend(cost);
    page.entries.push_back({key, seen->number, seen->revision, seen->value,
                            seen->content, seen->expires});
  }
  return true;
}

bool state_table::read(state_past& past, work_allowance& allowance) const {
  const auto at = slots_.find(past.key);
  if (at == slots_.end())
    return true;
  const auto& key = at->second;
  // Commits that followers may still ask for keep more versions than this.
  const auto newest = age_at(key, past.revision);
  const auto end = std::min(newest + limits_.history, key.past.size()) + 1;
  for (auto age = newest; age < end; ++age) {
    if (past.versions.size() >= past.count_max)
      break;
    const auto& it = *version_of(key, age);
    if (past.before != 0 && it.number >= past.before)
      continue;
    if (allowance.is_spent())
      return false;
    allowance.spend(state_cost(past.key, it.value));
    past.versions.push_back(
        {it.revision,
         it.at,
         {past.key, it.number, it.kind, it.value, it.content, it.expires}});
    past.before = it.number;
  }
  return true;
}

} // namespace troupe::actors
