#include "peer_questions.hpp"

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// Between two looks whether the peer is still there.
constexpr std::chrono::milliseconds peer_look_pace{50};

} // namespace

result<void> peer_questions::open(const protocol::id& request,
                                  const std::string& peer,
                                  const link_status& link) {
  const std::lock_guard lock{mutex_};
  if (is_closed_)
    return fail(errc::unreachable, "the node ends");
  if (open_.size() >= open_max)
    return fail(errc::overloaded, "too much is asked of other nodes");
  open_[request] = {peer, link.given_up, {}};
  return {};
}

result<agent_told> peer_questions::wait(const protocol::id& request,
                                        const link_status& link,
                                        std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  std::unique_lock lock{mutex_};
  for (;;) {
    auto& it = open_.at(request);
    const auto peer = it.peer;
    if (it.told) {
      auto told = std::move(*it.told);
      open_.erase(request);
      return told;
    }
    const bool is_down =
        link.state == peer_state::down || link.given_up != it.given_up;
    const bool is_late = std::chrono::steady_clock::now() >= end;
    if (is_closed_ || is_down || is_late) {
      open_.erase(request);
      if (is_late && !is_closed_ && !is_down)
        return fail(errc::deadline_exceeded,
                    "node '" + peer + "' has not answered");
      return fail(errc::unreachable,
                  is_closed_ ? "the node ends"
                             : "node '" + peer + "' is out of reach");
    }
    changed_.wait_for(lock, peer_look_pace);
  }
}

void peer_questions::answer(const std::string& peer, agent_answer what) {
  const std::lock_guard lock{mutex_};
  const auto found = open_.find(what.request);
  if (found == open_.end() || found->second.peer != peer || found->second.told)
    return;
  found->second.told = std::move(what.what);
  changed_.notify_all();
}

void peer_questions::close() {
  const std::lock_guard lock{mutex_};
  is_closed_ = true;
  changed_.notify_all();
}

bool peer_questions::pause(std::chrono::milliseconds time) {
  std::unique_lock lock{mutex_};
  return !changed_.wait_for(lock, time, [this] { return is_closed_; });
}

} // namespace troupe::cluster
