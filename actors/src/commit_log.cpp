#include "commit_log.hpp"

#include "state_table.hpp"

namespace troupe::actors {

void commit_log::push(shared_update update) {
  std::size_t bytes = 0;
  for (const auto& change : update->get().body.changes)
    bytes += state_cost(change.key, change.value);
  entries_.push_back({std::move(update), bytes});
  bytes_ += bytes;
  ++last_;
}

std::optional<shared_update> commit_log::pop_excess() {
  if (entries_.size() <= 1
      || (entries_.size() <= commits_max_ && bytes_ <= bytes_max_))
    return std::nullopt;
  auto oldest = std::move(entries_.front());
  entries_.pop_front();
  bytes_ -= oldest.bytes;
  return std::move(oldest.update);
}

} // namespace troupe::actors
