#include "engine/run_pace.hpp"

#include <algorithm>

namespace troupe {

void run_pace::ended(protocol::instant at) {
  const std::lock_guard lock{mutex_};
  if (ends_.size() >= ends_max)
    ends_.pop_front();
  ends_.push_back(ends_.empty() ? at : std::max(at, ends_.back()));
  refused_ = std::max<std::int64_t>(refused_ - 1, 0);
}

protocol::duration run_pace::refuse() {
  const std::lock_guard lock{mutex_};
  const auto gaps = static_cast<std::int64_t>(ends_.size()) - 1;
  const auto gap = gaps < 1 ? unknown_gap
                            : std::clamp((ends_.back() - ends_.front()) / gaps,
                                         wait_min, wait_max);
  // Who is told the longest wait stands no further behind.
  refused_ = std::min(refused_ + 1, wait_max / gap + 1);
  return std::min(gap * refused_, wait_max);
}

} // namespace troupe
