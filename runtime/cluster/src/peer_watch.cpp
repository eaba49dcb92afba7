#include "peer_watch.hpp"

#include <algorithm>

namespace troupe::cluster {

std::string_view name_of(peer_state it) noexcept {
  switch (it) {
  case peer_state::joining:
    return "joining";
  case peer_state::up:
    return "up";
  case peer_state::suspect:
    return "suspect";
  case peer_state::down:
    return "down";
  }
  return "unknown";
}

void peer_watch::connected(time_point now) {
  is_connected_ = true;
  has_answered_ = false;
  is_refused_ = false;
  connected_at_ = now;
}

void peer_watch::lost(bool is_refused, time_point now) {
  if (is_connected_ && now - connected_at_ >= limits_.settled_after)
    tries_ = 0;
  is_connected_ = false;
  has_answered_ = false;
  is_refused_ = is_refused;
}

void peer_watch::answered(time_point now) {
  if (!is_connected_)
    return;
  has_answered_ = true;
  answered_ = now;
}

peer_watch::milliseconds peer_watch::silence(time_point now) const {
  return std::chrono::duration_cast<milliseconds>(now - answered_);
}

peer_state peer_watch::look(time_point now) {
  const auto quiet = silence(now);
  if (has_answered_ && quiet < limits_.suspect_after)
    return state_ = peer_state::up;
  if (state_ == peer_state::joining || state_ == peer_state::down)
    return state_;
  // Nobody listens there any more: that process has ended.
  if (is_refused_ || quiet >= limits_.down_after)
    return state_ = peer_state::down;
  if (!is_connected_ || quiet >= limits_.suspect_after)
    return state_ = peer_state::suspect;
  return state_;
}

peer_watch::milliseconds peer_watch::retry_pause(std::uint64_t random) {
  const auto doublings = std::min<std::uint32_t>(tries_++, 16);
  const auto most = std::min<std::int64_t>(
      limits_.retry_max.count(), limits_.retry_min.count() << doublings);
  const auto least =
      std::min<std::int64_t>(limits_.retry_min.count() / 2, most);
  const auto span = static_cast<std::uint64_t>(most - least + 1);
  return milliseconds{least + static_cast<std::int64_t>(random % span)};
}

} // namespace troupe::cluster
