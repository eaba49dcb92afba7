#include "retry_rules.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::duration;
using protocol::errc;
using protocol::instant;

namespace {

constexpr duration spread_max = std::chrono::seconds{5};

/// 0 to less than `length`.
duration share_of(duration length, std::uint64_t random) noexcept {
  const auto count = std::max<std::int64_t>(length.count(), 1);
  return duration{
      static_cast<std::int64_t>(random % static_cast<std::uint64_t>(count))};
}

} // namespace

bool may_try_again(const protocol::error& why) noexcept {
  if (why.retries_spent)
    return false;
  switch (why.code) {
  case errc::unreachable:
  case errc::overloaded:
  case errc::provider_throttled:
  case errc::provider_unavailable:
  case errc::provider_timeout:
  case errc::provider_malformed:
  case errc::stream_truncated:
    return true;
  default:
    return false;
  }
}

duration pause_before_retry(const retry_limits& limits, std::uint32_t failures,
                            std::uint64_t random) {
  auto length = std::max(limits.pause_first, duration{});
  for (std::uint32_t i = 1; i < failures && length < limits.pause_max; ++i)
    length *= 2;
  return share_of(std::min(length, limits.pause_max), random);
}

void retry_allowance::earn() noexcept {
  permille_ = std::min(permille_ + limits_.share_permille, most());
}

void asked_rest::ask(duration length, instant now) noexcept {
  if (length <= duration{} || now + length <= until_)
    return;
  until_ = now + length;
  length_ = length;
}

instant asked_rest::turn(std::uint64_t random) const noexcept {
  return until_ + share_of(std::min(length_ / 4, spread_max), random);
}

} // namespace troupe::actors
