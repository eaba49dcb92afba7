#include "rate_gate.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::duration;
using protocol::instant;

namespace {

constexpr duration longest = std::chrono::days{1};

} // namespace

duration rate_gate::time_for(std::uint64_t amount) const noexcept {
  const auto minutes =
      static_cast<double>(amount) / static_cast<double>(per_minute_);
  return duration{static_cast<std::int64_t>(
      std::min(minutes * 60e9, static_cast<double>(longest.count())))};
}

instant rate_gate::ready_at(std::uint64_t amount) const noexcept {
  return ready_after(0, amount);
}

instant rate_gate::ready_after(std::uint64_t before,
                               std::uint64_t amount) const noexcept {
  if (per_minute_ == 0)
    return {};
  return paid_until_ + time_for(before) + std::min(time_for(amount), burst_)
         - burst_;
}

void rate_gate::take(std::uint64_t amount, instant now) noexcept {
  if (per_minute_ != 0)
    paid_until_ = std::max(paid_until_, now) + time_for(amount);
}

void rate_gate::correct(std::uint64_t used, std::uint64_t actual) noexcept {
  if (per_minute_ != 0)
    paid_until_ += time_for(actual) - time_for(used);
}

} // namespace troupe::actors
