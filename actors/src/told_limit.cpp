#include "told_limit.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::duration;
using protocol::instant;

namespace {

/// More than any key has; no sum of such amounts loses a token.
constexpr std::uint64_t amount_max = 1'000'000'000'000;

double number(std::uint64_t amount) {
  return static_cast<double>(std::min(amount, amount_max));
}

} // namespace

void told_limit::tell(const told_rate& it, instant now) noexcept {
  limit_ = number(it.limit);
  left_ = number(it.left);
  if (it.limit != 0)
    left_ = std::min(left_, limit_);
  at_ = now;
  until_ = now + std::clamp(it.full_in, duration{}, longest);
  a_second_ = 0;
  if (it.full_in > duration{} && limit_ > left_) {
    const std::chrono::duration<double> seconds = it.full_in;
    a_second_ = std::min((limit_ - left_) / seconds.count(), limit_ / 60);
  }
}

instant told_limit::ready_at(std::uint64_t amount) const noexcept {
  const auto asked =
      limit_ > 0 ? std::min(number(amount), limit_) : number(amount);
  const auto missing = asked - left_;
  if (missing <= 0)
    return {};
  const std::chrono::duration<double> whole = until_ - at_;
  if (a_second_ <= 0 || missing / a_second_ >= whole.count())
    return until_;
  return at_
         + std::chrono::duration_cast<duration>(
             std::chrono::duration<double>{missing / a_second_});
}

void told_limit::take(std::uint64_t amount) noexcept {
  left_ -= number(amount);
}

void told_limit::correct(std::uint64_t used, std::uint64_t actual) noexcept {
  left_ += number(used) - number(actual);
}

} // namespace troupe::actors
