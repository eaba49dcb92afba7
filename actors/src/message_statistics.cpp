#include "troupe/actors/message_statistics.hpp"

#include "troupe/actors/system_config.hpp"

#include <troupe/protocol/describe.hpp>

#include <caf/actor_system.hpp>

namespace troupe::actors {

message_count outcome_of(protocol::errc code) noexcept {
  switch (code) {
  case protocol::errc::deadline_exceeded:
    return message_count::timed_out;
  case protocol::errc::cancelled:
    return message_count::cancelled;
  case protocol::errc::unreachable:
    return message_count::unreachable;
  default:
    return message_count::failed;
  }
}

std::size_t message_statistics::shard() noexcept {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t mine = threads.fetch_add(1) % shard_count;
  return mine;
}

std::uint64_t message_statistics::count(message_count which) const noexcept {
  std::uint64_t sum = 0;
  for (const auto& shard : shards_)
    sum += shard.values[static_cast<std::size_t>(which)].load(
        std::memory_order_relaxed);
  return sum;
}

protocol::message_counts message_statistics::counts() const noexcept {
  using members = protocol::members_of<protocol::message_counts>;
  static_assert(boost::mp11::mp_size<members>::value == message_count_size);
  protocol::message_counts sums;
  std::size_t i = 0;
  boost::mp11::mp_for_each<members>([&](auto member) {
    sums.*member.pointer = count(static_cast<message_count>(i++));
  });
  return sums;
}

void message_statistics::add(protocol::dead_letter letter) {
  const std::lock_guard lock{mutex_};
  if (letters_.size() == dead_letters_max)
    letters_.pop_front();
  letters_.push_back(std::move(letter));
}

std::vector<protocol::dead_letter> message_statistics::dead_letters() const {
  const std::lock_guard lock{mutex_};
  return {letters_.begin(), letters_.end()};
}

message_statistics& statistics_of(caf::actor_system& system) {
  static message_statistics of_all_others;
  const auto* config = dynamic_cast<const system_config*>(&system.config());
  return config == nullptr ? of_all_others : *config->statistics;
}

} // namespace troupe::actors
