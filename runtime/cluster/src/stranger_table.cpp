#include "stranger_table.hpp"

#include <algorithm>

namespace troupe::cluster {

stranger_table::arrival stranger_table::come(const std::string& address) {
  arrival it;
  const auto share = of_address_.find(address);
  if (share != of_address_.end() && share->second >= limits_.of_one_address)
    it.dropped = oldest_of(address);
  else if (all_.size() >= limits_.all)
    it.dropped = oldest_of_most();
  else
    it.number = ++last_;
  if (it.dropped != 0) {
    leave(it.dropped);
    it.number = ++last_;
  }
  if (it.number != 0) {
    all_.emplace(it.number, stranger{address});
    ++of_address_[address];
  }
  return it;
}

void stranger_table::has_spoken(std::uint64_t number) {
  if (const auto it = all_.find(number); it != all_.end())
    it->second.is_silent = false;
}

void stranger_table::leave(std::uint64_t number) {
  const auto it = all_.find(number);
  if (it == all_.end())
    return;
  const auto share = of_address_.find(it->second.address);
  if (--share->second == 0)
    of_address_.erase(share);
  all_.erase(it);
}

std::uint64_t stranger_table::oldest_of(const std::string& address) const {
  const auto it = std::find_if(all_.begin(), all_.end(), [&](const auto& one) {
    return one.second.is_silent && one.second.address == address;
  });
  return it == all_.end() ? 0 : it->first;
}

std::uint64_t stranger_table::oldest_of_most() const {
  std::uint64_t found = 0;
  std::size_t most = 0;
  for (const auto& [number, it] : all_)
    if (const auto share = of_address_.at(it.address);
        it.is_silent && share > most) {
      found = number;
      most = share;
    }
  return found;
}

} // namespace troupe::cluster
