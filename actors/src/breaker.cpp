#include "breaker.hpp"

#include "random.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::instant;

call_verdict verdict_of(errc code) noexcept {
  switch (code) {
  case errc::unreachable:
  case errc::provider_unavailable:
  case errc::provider_timeout:
  case errc::provider_malformed:
  case errc::stream_truncated:
  case errc::tls_untrusted:
    return call_verdict::failure;
  default:
    return call_verdict::neutral;
  }
}

breaker::breaker(const breaker_limits& limits, std::uint64_t seed)
    : limits_(limits), random_(seed) {
  limits_.probes = std::max(limits_.probes, 1U);
}

std::int64_t breaker::step_at(instant now) const {
  const auto width = limits_.slow_start / steps;
  if (step_ == steps || width <= protocol::duration{})
    return steps;
  return std::clamp<std::int64_t>((now - closed_at_) / width, step_, steps);
}

bool breaker::is_step_full(std::int64_t step) const {
  return step < steps && step == step_
         && let_in_ >= std::uint64_t{limits_.probes} << step;
}

void breaker::enter(breaker_state next) {
  state_ = next;
  ++generation_;
  probes_.clear();
  in_a_row_ = 0;
}

std::optional<breaker::ticket> breaker::admit(instant now) {
  if (state_ == breaker_state::closed) {
    const auto step = step_at(now);
    if (is_step_full(step))
      return std::nullopt;
    let_in_ = step == step_ ? let_in_ + 1 : 1;
    step_ = step;
    return ticket{generation_, 0};
  }
  if (state_ == breaker_state::open) {
    if (now < open_until_)
      return std::nullopt;
    enter(breaker_state::half_open);
  }
  std::erase_if(probes_, [now](const probe& it) { return it.lease <= now; });
  if (probes_.size() >= limits_.probes)
    return std::nullopt;
  probes_.push_back({++probes_made_, now + limits_.probe_lease});
  return ticket{generation_, probes_made_};
}

bool breaker::report(const ticket& of, call_verdict verdict, instant now) {
  if (of.generation != generation_)
    return false;
  if (state_ == breaker_state::closed) {
    if (verdict == call_verdict::neutral)
      return false;
    count(verdict == call_verdict::failure, now);
    if (verdict == call_verdict::failure && is_too_much(now))
      open(now);
    return false;
  }
  const auto found =
      std::find_if(probes_.begin(), probes_.end(),
                   [&](const probe& it) { return it.name == of.probe; });
  if (found == probes_.end())
    return false; // its lease has ended
  probes_.erase(found);
  if (verdict == call_verdict::failure) {
    open(now);
  } else if (verdict == call_verdict::success) {
    openings_ = 0;
    buckets_ = {};
    enter(breaker_state::closed);
    closed_at_ = now;
    step_ = 0;
    let_in_ = 0;
  }
  return true;
}

/// Twice as long each time, and up to a quarter more, so that many breakers of
/// one provider do not ask it all at the same instant.
void breaker::open(instant now) {
  enter(breaker_state::open);
  auto length = limits_.open_first;
  for (std::uint32_t i = 0; i < openings_ && length < limits_.open_max; ++i)
    length *= 2;
  length = std::min(length, limits_.open_max);
  openings_ += 1;
  const auto jitter = static_cast<std::int64_t>(
      next_random(random_)
      % (1 + static_cast<std::uint64_t>(length.count()) / 4));
  open_until_ = now + length + protocol::duration{jitter};
}

instant breaker::next_try(instant now) const {
  if (state_ == breaker_state::open)
    return open_until_;
  if (state_ == breaker_state::closed) {
    const auto step = step_at(now);
    return is_step_full(step)
               ? closed_at_ + limits_.slow_start / steps * (step + 1)
               : now;
  }
  if (probes_.size() < limits_.probes)
    return now;
  const auto first = std::min_element(
      probes_.begin(), probes_.end(),
      [](const probe& a, const probe& b) { return a.lease < b.lease; });
  return first->lease;
}

std::int64_t breaker::bucket_at(instant now) const {
  const auto width =
      std::max<std::int64_t>(limits_.window.count() / bucket_count, 1);
  return now.time_since_epoch().count() / width;
}

void breaker::count(bool is_failure, instant now) {
  in_a_row_ = is_failure ? in_a_row_ + 1 : 0;
  const auto number = bucket_at(now);
  auto& it = buckets_[static_cast<std::size_t>(number % bucket_count)];
  if (it.number != number)
    it = {number, 0, 0};
  it.calls += 1;
  it.failures += is_failure ? 1 : 0;
}

bool breaker::is_too_much(instant now) const {
  if (in_a_row_ >= limits_.consecutive)
    return true;
  std::uint64_t calls = 0;
  std::uint64_t failures = 0;
  for (const auto& it : buckets_)
    if (it.number > bucket_at(now) - bucket_count) {
      calls += it.calls;
      failures += it.failures;
    }
  return calls >= limits_.volume_min
         && failures * 1'000 >= calls * limits_.failures_permille;
}

} // namespace troupe::actors
