#include "singleton_lease.hpp"

namespace troupe::cluster {

using protocol::duration;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::int64_t million = 1'000'000;

/// How long after it was asked for a lease may be used, by the own clock.
duration usable(const singleton_limits& it) noexcept {
  const auto wrong = it.ttl / million * it.clock_error_ppm
                     + it.ttl % million * it.clock_error_ppm / million
                     + duration{1};
  return it.ttl - wrong - it.margin;
}

} // namespace

result<void> check_limits(const singleton_limits& limits) {
  if (limits.margin < duration{} || limits.ask_every <= duration{}
      || limits.patience <= duration{} || limits.clock_error_ppm >= million)
    return fail(errc::config_invalid,
                "a lease's margin is 0 or more, its times are positive");
  if (usable(limits) <= limits.ask_every + limits.patience)
    return fail(errc::config_invalid,
                "a lease ends before it has been extended: its ttl must be "
                "longer than margin, ask_every and patience together");
  return {};
}

bool singleton_lease::should_ask(duration now) const noexcept {
  if (!has_asked_)
    return true;
  return now - asked_at_ >= (is_asking_ ? limits_.patience : limits_.ask_every);
}

std::uint64_t singleton_lease::ask(duration now) noexcept {
  asked_at_ = now;
  is_asking_ = true;
  has_asked_ = true;
  return token_;
}

void singleton_lease::answered(std::uint64_t token) noexcept {
  if (!is_asking_)
    return; // it was given up
  is_asking_ = false;
  token_ = token;
  until_ = asked_at_ + usable(limits_);
}

std::uint64_t singleton_lease::step_down() noexcept {
  is_asking_ = false; // an answer that is still to come runs out
  const auto held = token_;
  token_ = 0;
  return held;
}

} // namespace troupe::cluster
