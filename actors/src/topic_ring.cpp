#include "topic_ring.hpp"

#include <troupe/protocol/topic.hpp>

#include <algorithm>

namespace troupe::actors {

std::uint64_t topic_ring::add(std::string_view topic, std::size_t bytes) {
  const auto offset = next_++;
  auto found = topics_.find(topic);
  if (found == topics_.end())
    found = topics_.emplace(topic, chain{offset, offset}).first;
  else
    entries_[static_cast<std::size_t>(found->second.last - first_)]
        .next_of_topic = offset;
  found->second.last = offset;
  entries_.push_back({&*found, 0, bytes});
  bytes_ += bytes;
  while (entries_.size() > 1
         && (entries_.size() > messages_max_ || bytes_ > bytes_max_))
    drop_oldest();
  return offset;
}

void topic_ring::drop_oldest() {
  const auto& oldest = entries_.front();
  bytes_ -= oldest.bytes;
  if (oldest.next_of_topic == 0)
    topics_.erase(topics_.find(oldest.topic->first));
  else
    oldest.topic->second.first = oldest.next_of_topic;
  entries_.pop_front();
  ++first_;
}

std::uint64_t topic_ring::match(std::string_view filter,
                                std::uint64_t from) const {
  from = std::max(from, first_);
  if (filter.back() != '.')
    return match_topic(filter, from);
  while (from < next_
         && !protocol::topic_matches(filter, at(from).topic->first))
    ++from;
  return from;
}

std::uint64_t topic_ring::match_topic(std::string_view topic,
                                      std::uint64_t from) const {
  const auto found = topics_.find(topic);
  if (found == topics_.end() || found->second.last < from)
    return next_;
  if (at(from).topic == &*found)
    return from;
  auto offset = found->second.first;
  // A caller that goes from match to match asks for what follows the last one.
  if (from > first_ && at(from - 1).topic == &*found)
    offset = at(from - 1).next_of_topic;
  while (offset < from)
    offset = at(offset).next_of_topic;
  return offset;
}

} // namespace troupe::actors
