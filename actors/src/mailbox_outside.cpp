// The part of the mailbox guard that keeps messages before the mailbox.
#include "mailbox_guard_parts.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;

namespace {

caf::mailbox_element_ptr wake_up() {
  return caf::make_mailbox_element(nullptr, caf::make_message_id(), {},
                                   mailbox_drain{});
}

} // namespace

std::unique_lock<std::mutex>
mailbox_guard::lock_outside(const caf::mailbox_element* what) {
  if (limits_.when_full != overflow::wait
      || (what != nullptr
          && (what->mid.is_response()
              || !is_counted(*what, find(what->content())))))
    return {};
  return std::unique_lock{outside_->order};
}

bool mailbox_guard::is_wake_up(const caf::mailbox_element& what) {
  const auto& content = what.content();
  return content.size() == 1 && content.match_element<mailbox_drain>(0);
}

/// With `drop_oldest` all data waits here, the mailbox holds one wake-up.
caf::mailbox_element_ptr
mailbox_guard::keep_newest(caf::mailbox_element_ptr what, std::uint64_t bytes,
                           const message_type& type,
                           caf::execution_unit* host) {
  std::deque<kept_message> given_up; // bounded by what was kept
  std::unique_lock lock{outside_->mutex};
  if (outside_->is_closed) {
    lock.unlock();
    turn_away(*what, type, host);
    return nullptr;
  }
  outside_->kept.push_back({std::move(what), bytes});
  outside_->bytes += bytes;
  statistics_->add(message_count::accepted);
  while (outside_->kept.size() > limits_.messages_max
         || outside_->bytes > limits_.bytes_max) {
    outside_->bytes -= outside_->kept.front().bytes;
    given_up.push_back(std::move(outside_->kept.front()));
    outside_->kept.pop_front();
    statistics_->add(message_count::dropped);
  }
  const bool wake = !std::exchange(outside_->is_waking, true);
  lock.unlock();
  for (const auto& it : given_up)
    answer(*it.what, fail(errc::overloaded, "newer messages took its place"),
           host);
  return wake ? wake_up() : nullptr;
}

caf::mailbox_element_ptr mailbox_guard::next_kept() {
  const std::lock_guard lock{outside_->mutex};
  if (outside_->kept.empty())
    return nullptr;
  auto next = std::move(outside_->kept.front());
  outside_->kept.pop_front();
  outside_->bytes -= next.bytes;
  return std::move(next.what);
}

caf::mailbox_element_ptr mailbox_guard::drain_again() {
  const std::lock_guard lock{outside_->mutex};
  outside_->is_waking = !outside_->kept.empty();
  return outside_->is_waking ? wake_up() : nullptr;
}

/// With `wait` the mailbox is filled first; whoever comes later waits behind
/// those who wait already.
caf::mailbox_element_ptr
mailbox_guard::keep_waiting(caf::mailbox_element_ptr what, std::uint64_t bytes,
                            const message_type& type,
                            caf::execution_unit* host) {
  {
    const std::lock_guard lock{outside_->mutex};
    if (!outside_->is_closed && outside_->kept.empty()
        && gate_.enter(bytes, limits_)) {
      statistics_->add(message_count::accepted);
      return what;
    }
    const bool has_deadline =
        type.head != nullptr
        && type.head(what->content().get(0)).deadline != protocol::instant{};
    if (has_deadline && !outside_->is_closed
        && outside_->kept.size() < limits_.waiting_max
        && outside_->bytes + bytes <= limits_.bytes_max) {
      outside_->bytes += bytes;
      outside_->kept.push_back({std::move(what), bytes});
      // The actor may have emptied its mailbox meanwhile and would not look
      // here again: then the first that waits goes in now.
      return gate_.now().messages == 0 ? take_first_waiting() : nullptr;
    }
  }
  if (is_closed_.load(std::memory_order_acquire))
    turn_away(*what, type, host);
  else
    refuse(*what, type,
           fail(errc::overloaded, "the mailbox is full, and so is its queue"),
           host);
  return nullptr;
}

caf::mailbox_element_ptr mailbox_guard::next_waiting() {
  if (limits_.when_full != overflow::wait)
    return nullptr;
  const std::lock_guard lock{outside_->mutex};
  return take_first_waiting();
}

caf::mailbox_element_ptr mailbox_guard::take_first_waiting() {
  if (outside_->kept.empty()
      || !gate_.enter(outside_->kept.front().bytes, limits_))
    return nullptr;
  auto next = std::move(outside_->kept.front());
  outside_->kept.pop_front();
  outside_->bytes -= next.bytes;
  statistics_->add(message_count::accepted);
  return std::move(next.what);
}

void mailbox_guard::close() {
  is_closed_.store(true, std::memory_order_release);
  std::deque<kept_message> waiting; // bounded by what was kept
  if (outside_ != nullptr) {
    const std::lock_guard lock{outside_->mutex};
    outside_->is_closed = true;
    waiting.swap(outside_->kept);
  }
  for (const auto& it : waiting)
    turn_away(*it.what, *find(it.what->content()), self_->context());
}

void mailbox_guard::close_keys() {
  if (keyed_ != nullptr)
    keyed_->close(*this);
}

} // namespace troupe::actors
