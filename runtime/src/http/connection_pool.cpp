#include "http/connection_pool.hpp"

#include <utility>

namespace troupe::http {

bool connection_pool::take(std::uint64_t call, go on_go) {
  if (in_use_ < connections_max_) {
    ++in_use_;
    on_go(take_idle());
    return true;
  }
  if (queue_.size() >= waiting_max_)
    return false;
  queue_.push_back({call, std::move(on_go)});
  return true;
}

std::unique_ptr<connection> connection_pool::take_idle() {
  std::unique_ptr<connection> found;
  while (!found && !idle_.empty()) {
    found = std::move(idle_.back());
    idle_.pop_back();
    if (!found->is_quiet())
      found.reset();
  }
  // An idle connection that is left over makes room for one that is opened.
  if (!found && in_use_ + idle_.size() > connections_max_)
    idle_.erase(idle_.begin());
  return found;
}

void connection_pool::forget(std::uint64_t call) {
  std::erase_if(queue_, [call](const waiting& w) { return w.call == call; });
}

void connection_pool::give_back(std::unique_ptr<connection> reusable,
                                steady_time now) {
  if (reusable) {
    reusable->idle_since = now;
    idle_.push_back(std::move(reusable));
  }
  if (queue_.empty()) {
    --in_use_;
    return;
  }
  auto next = std::move(queue_.front());
  queue_.pop_front();
  next.on_go(take_idle());
}

void connection_pool::drop_idle(steady_time limit) {
  std::erase_if(idle_, [limit](const std::unique_ptr<connection>& c) {
    return c->idle_since < limit;
  });
}

} // namespace troupe::http
