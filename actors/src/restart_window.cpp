#include "restart_window.hpp"

#include <algorithm>

namespace troupe::actors {

restart_window::time_point restart_window::aged(time_point now) const noexcept {
  return (waits_ > 0 ? since_ : now) - stood_;
}

bool restart_window::add(time_point now, std::uint64_t child) {
  const auto at = aged(now);
  restarts_.push_back({at, child});
  while (at - restarts_.front().at > period_)
    restarts_.pop_front();
  if (restarts_.size() <= intensity_)
    return true;
  restarts_.pop_front(); // keeps the bound; the supervisor ends anyway
  return false;
}

std::uint32_t restart_window::count(time_point now) const noexcept {
  const auto at = aged(now);
  return static_cast<std::uint32_t>(
      std::count_if(restarts_.begin(), restarts_.end(),
                    [&](const auto& it) { return at - it.at <= period_; }));
}

std::uint32_t restart_window::count(std::uint64_t child,
                                    time_point now) const noexcept {
  const auto at = aged(now);
  return static_cast<std::uint32_t>(
      std::count_if(restarts_.begin(), restarts_.end(), [&](const auto& it) {
        return it.child == child && at - it.at <= period_;
      }));
}

void restart_window::stand_still(time_point now) noexcept {
  if (waits_++ == 0)
    since_ = now;
}

void restart_window::go_on(time_point now) noexcept {
  if (--waits_ == 0)
    stood_ += now - since_;
}

std::chrono::steady_clock::duration
pause_before_restart(const restart_backoff& how, std::uint32_t failures,
                     std::uint64_t random) noexcept {
  using length = std::chrono::steady_clock::duration;
  constexpr std::uint32_t doublings_max = 40;
  auto limit = how.base;
  for (std::uint32_t i = 0;
       i < std::min(failures, doublings_max) && limit < how.cap; ++i)
    limit = limit < how.cap / 2 ? limit * 2 : how.cap;
  limit = std::min(limit, how.cap);
  if (limit <= limit.zero())
    return {};
  const auto longest = std::chrono::duration_cast<length>(limit).count();
  return length{static_cast<length::rep>(
      random % (static_cast<std::uint64_t>(longest) + 1))};
}

} // namespace troupe::actors
