#include "topic_rules.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

namespace {

constexpr std::uint32_t window_max = 10'000;
constexpr std::size_t content_type_bytes_max = 127;
/// Of a kept message besides its texts: envelope, ring, table of topics.
constexpr std::size_t overhead_bytes = 512;

/// Calls `f` with every filter that stands for `topic`, itself included.
template <class F>
void for_each_filter_of(std::string_view topic, F f) {
  f(std::string_view{"."});
  for (auto dot = topic.find('.'); dot != std::string_view::npos;
       dot = topic.find('.', dot + 1))
    f(topic.substr(0, dot + 1));
  f(topic);
}

/// Whether some topic could match both.
bool overlap(std::string_view a, std::string_view b) {
  return a == b || protocol::topic_matches(a, b)
         || protocol::topic_matches(b, a);
}

} // namespace

topic_rules::topic_rules(const topic_limits& limits, std::uint64_t first_offset)
    : limits_(limits), ring_(limits.messages_max, limits.bytes_max,
                             std::max<std::uint64_t>(first_offset, 1)) {}

result<protocol::published> topic_rules::publish(const protocol::publish& msg,
                                                 instant now) {
  receivers_.clear();
  if (!protocol::is_topic(msg.topic))
    return fail(errc::invalid_request,
                "a topic is at most 255 bytes and 16 segments of letters, "
                "digits, '-', '_', joined by '.'");
  if (msg.content.size() > limits_.content_bytes_max)
    return fail(errc::limit_exceeded,
                "the content has " + std::to_string(msg.content.size())
                    + " bytes; at most "
                    + std::to_string(limits_.content_bytes_max));
  if (msg.content_type.size() > content_type_bytes_max)
    return fail(errc::limit_exceeded, "the content type is too long");
  protocol::published done;
  done.offset =
      ring_.add(msg.topic, overhead_bytes + msg.content.size()
                               + msg.content_type.size() + msg.topic.size());
  for_each_filter_of(msg.topic, [&](std::string_view filter) {
    const auto found = filters_.find(filter);
    if (found == filters_.end())
      return;
    done.followers += static_cast<std::uint32_t>(found->second.size());
    offer(found->second, done.offset, now);
  });
  return done;
}

void topic_rules::offer(const std::vector<slot>& followers,
                        std::uint64_t offset, instant now) {
  for (const auto which : followers) {
    auto& it = slots_[which];
    if (it.cursor != 0)
      continue; // an earlier one waits already
    if (it.credit == 0) {
      wait(which, offset, now);
    } else {
      --it.credit;
      receivers_.push_back(which);
    }
  }
}

result<topic_rules::catch_up>
topic_rules::follow(follower who, const protocol::subscribe_topic& msg,
                    protocol::id name, instant now) {
  if (auto good = check(who, msg); !good)
    return good.error();
  const auto which = occupy(who, msg, name);
  if (msg.from == 0 || msg.from == ring_.next())
    return catch_up{which, 0, 0, {}};
  wait(which, msg.from, now);
  return go_on(which, now);
}

result<void> topic_rules::check(follower who,
                                const protocol::subscribe_topic& msg) const {
  if (!protocol::is_topic_filter(msg.filter))
    return fail(errc::invalid_request,
                "a filter is a topic, or a prefix of topics that ends with "
                "'.'");
  if (msg.window == 0 || msg.window > window_max)
    return fail(errc::invalid_request, "the window is 1 to 10,000");
  if (msg.from > ring_.next())
    return fail(errc::invalid_request, "'from' lies ahead of all messages");
  if (by_name_.size() >= limits_.subscriptions_max)
    return fail(errc::limit_exceeded, "the hub has as many subscriptions as "
                                      "it may");
  const auto own = by_follower_.find(who);
  if (own == by_follower_.end())
    return {};
  std::size_t count = 0;
  for (auto each = own->second; each != nowhere;
       each = slots_[each].next_of_follower) {
    ++count;
    if (overlap(slots_[each].filter->first, msg.filter))
      return fail(errc::invalid_request, "'" + msg.filter + "' overlaps '"
                                             + slots_[each].filter->first
                                             + "' of the same follower");
  }
  if (count >= limits_.subscriptions_each_max)
    return fail(errc::limit_exceeded, "the follower has as many subscriptions "
                                      "as it may");
  return {};
}

topic_rules::slot topic_rules::occupy(follower who,
                                      const protocol::subscribe_topic& msg,
                                      protocol::id name) {
  auto which = static_cast<slot>(slots_.size());
  if (free_.empty()) {
    slots_.emplace_back();
  } else {
    which = free_.back();
    free_.pop_back();
  }
  auto& it = slots_[which];
  it = {};
  it.name = name;
  it.window = msg.window;
  it.credit = msg.window;
  it.who = who;
  it.filter = &*filters_.try_emplace(msg.filter).first;
  it.position = static_cast<std::uint32_t>(it.filter->second.size());
  it.filter->second.push_back(which);
  by_name_.emplace(name, which);
  const auto [own, is_first] = by_follower_.emplace(who, which);
  if (!is_first)
    it.next_of_follower = std::exchange(own->second, which);
  return which;
}

void topic_rules::release(slot which) {
  auto& it = slots_[which];
  wait_no_more(which);
  auto& others = it.filter->second;
  others[it.position] = others.back();
  slots_[others[it.position]].position = it.position;
  others.pop_back();
  if (others.empty())
    filters_.erase(filters_.find(it.filter->first));
  by_name_.erase(it.name);
  it = {};
  free_.push_back(which);
}

void topic_rules::unlink_from_follower(slot which) {
  const auto own = by_follower_.find(slots_[which].who);
  auto* link = &own->second;
  while (*link != which)
    link = &slots_[*link].next_of_follower;
  *link = slots_[which].next_of_follower;
  if (own->second == nowhere)
    by_follower_.erase(own);
}

bool topic_rules::end(protocol::id name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end())
    return false;
  const auto which = found->second;
  unlink_from_follower(which);
  release(which);
  return true;
}

std::vector<topic_rules::slot> topic_rules::forget(follower who) {
  std::vector<slot> ended;
  const auto own = by_follower_.find(who);
  if (own == by_follower_.end())
    return ended;
  for (auto each = own->second; each != nowhere;
       each = slots_[each].next_of_follower)
    ended.push_back(each);
  by_follower_.erase(own);
  for (const auto each : ended)
    release(each);
  return ended;
}

std::optional<topic_rules::slot> topic_rules::find(protocol::id name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end())
    return {};
  return found->second;
}

topic_rules::catch_up topic_rules::grant(const protocol::grant_credit& msg,
                                         instant now) {
  const auto found = by_name_.find(msg.subscription);
  if (found == by_name_.end())
    return {};
  auto& it = slots_[found->second];
  it.credit += std::min(msg.count, it.window - it.credit);
  return go_on(found->second, now);
}

topic_rules::catch_up topic_rules::go_on(slot which, instant now) {
  auto& it = slots_[which];
  catch_up out{which, 0, 0, {}};
  if (it.cursor == 0 || it.credit == 0)
    return out;
  if (it.cursor < ring_.first()) {
    out.gap_first = it.cursor;
    out.gap_last = ring_.first() - 1;
  }
  const std::string_view filter = it.filter->first;
  auto offset = ring_.match(filter, it.cursor);
  for (; offset != ring_.next() && it.credit > 0; --it.credit) {
    out.offsets.push_back(offset);
    offset = ring_.match(filter, offset + 1);
  }
  wait_no_more(which);
  if (offset != ring_.next())
    wait(which, offset, now);
  return out;
}

void topic_rules::wait(slot which, std::uint64_t offset, instant now) {
  auto& it = slots_[which];
  it.cursor = offset;
  it.waits_since = now;
  waiting_.emplace(now, which);
}

void topic_rules::wait_no_more(slot which) {
  auto& it = slots_[which];
  if (std::exchange(it.cursor, 0) != 0)
    waiting_.erase({it.waits_since, which});
}

std::vector<topic_rules::slot> topic_rules::silent(instant now) const {
  std::vector<slot> found;
  for (const auto& [since, which] : waiting_) {
    if (now - since < limits_.silence_max)
      break;
    if (slots_[which].cursor < ring_.first())
      found.push_back(which);
  }
  return found;
}

std::vector<topic_rules::slot> topic_rules::all() const {
  std::vector<slot> found;
  found.reserve(by_name_.size());
  for (slot which = 0; which < slots_.size(); ++which)
    if (slots_[which].name)
      found.push_back(which);
  return found;
}

} // namespace troupe::actors
