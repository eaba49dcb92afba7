#include "broadcast_queue.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;

namespace {

bool has_ended(const caf::strong_actor_ptr& who) {
  return who->get()->getf(caf::abstract_actor::is_terminated_flag);
}

} // namespace

protocol::result<void>
broadcast_queue::check(const protocol::broadcast& what) const {
  if (what.content.size() > content_bytes_max || what.content_type.size() > 127)
    return fail(errc::limit_exceeded,
                "a broadcast has at most 262,144 bytes of content and 127 of "
                "its type");
  if (waiting_.size() >= waiting_max)
    return fail(errc::overloaded, "16 broadcasts are under way");
  return {};
}

void broadcast_queue::push(const protocol::request<protocol::broadcast>& what,
                           protocol::id announced,
                           std::vector<caf::strong_actor_ptr> receivers,
                           promise asked) {
  // One agent may be known under several names.
  std::sort(receivers.begin(), receivers.end());
  receivers.erase(std::unique(receivers.begin(), receivers.end()),
                  receivers.end());
  protocol::notification<protocol::announcement> out;
  out.head = child_of(what.head, announced);
  out.head.from = what.head.from;
  out.body = {what.head.from, what.body.content_type, what.body.content};
  waiting_.push_back({what.head, std::move(asked), announced,
                      caf::make_message(std::move(out)), std::move(receivers),
                      0, 0});
}

bool broadcast_queue::send_stretch(const caf::strong_actor_ptr& from,
                                   caf::execution_unit* host) {
  auto& it = waiting_.front();
  if (it.next == it.receivers.size())
    return false;
  const auto end = std::min(it.next + stretch, it.receivers.size());
  for (; it.next < end; ++it.next) {
    const auto& to = it.receivers[it.next];
    if (has_ended(to))
      ++it.refused;
    else
      to->enqueue(from, caf::make_message_id(), it.shared, host);
  }
  return true;
}

void broadcast_queue::refuse(protocol::id announced) {
  if (!waiting_.empty() && waiting_.front().announced == announced)
    ++waiting_.front().refused;
}

void broadcast_queue::finish(protocol::id fresh) {
  auto& it = waiting_.front();
  const auto all = static_cast<std::uint32_t>(it.receivers.size());
  const auto refused = std::min(it.refused, all);
  it.to_answer.deliver(
      answer{answer_to(it.asked, fresh), {all - refused, refused}});
  waiting_.pop_front();
}

void broadcast_queue::clear() {
  for (auto& it : waiting_)
    it.to_answer.deliver(
        to_caf(fail(errc::unreachable, "the registry has ended")));
  waiting_.clear();
}

} // namespace troupe::actors
