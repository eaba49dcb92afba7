#include "providers/stream_pace.hpp"

#include <algorithm>
#include <string>

namespace troupe::providers {

using protocol::errc;
using protocol::fail;

void stream_pace::begin(time_point now) noexcept {
  is_watched_ = true;
  heard_ = now;
}

void stream_pace::note(std::uint64_t bytes, time_point now) noexcept {
  if (bytes <= bytes_)
    return;
  if (!has_begun())
    window_start_ = now; // and the first piece counts in it
  heard_ = now;
  bytes_ = bytes;
}

stream_pace::time_point stream_pace::next_due() const noexcept {
  return heard_ + (has_begun() ? limits_.next : limits_.first);
}

stream_pace::time_point stream_pace::window_due() const noexcept {
  return has_begun() && limits_.bytes_min > 0 ? window_start_ + limits_.window
                                              : time_point::max();
}

stream_pace::time_point stream_pace::due() const noexcept {
  return is_watched_ ? std::min(next_due(), window_due()) : time_point::max();
}

protocol::result<void> stream_pace::check(time_point now) {
  if (now < due())
    return {};
  if (now >= next_due())
    return fail(errc::provider_timeout, has_begun()
                                            ? "the answer does not go on"
                                            : "the answer does not begin");
  if (bytes_ - window_bytes_ < limits_.bytes_min)
    return fail(errc::provider_timeout,
                "the answer comes too slowly: "
                    + std::to_string(bytes_ - window_bytes_) + " bytes in "
                    + std::to_string(limits_.window.count()) + " ms");
  window_bytes_ = bytes_;
  window_start_ = now;
  return {};
}

} // namespace troupe::providers
