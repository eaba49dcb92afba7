#include "troupe/actors/message_statistics.hpp"

#include "troupe/actors/system_config.hpp"

#include <troupe/protocol/describe.hpp>

#include <caf/actor_system.hpp>

#include <memory>
#include <utility>

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

constinit thread_local std::uint32_t message_statistics::line_ = none;

namespace {

/// The lines that no thread has.
struct free_lines {
  std::mutex mutex;
  std::vector<std::uint32_t> numbers; // bounded by own_lines
  std::uint32_t without = 0;          ///< Threads that found none, so far.
};

/// Never destroyed, since threads may end after all else.
free_lines& all_free_lines(std::uint32_t count) {
  static auto& it = *[count] {
    auto made = std::make_unique<free_lines>();
    for (auto i = count; i > 0; --i)
      made->numbers.push_back(i - 1);
    return made.release();
  }();
  return it;
}

} // namespace

struct message_statistics::line_owner {
  line_owner() {
    auto& free = all_free_lines(own_lines);
    const std::lock_guard lock{free.mutex};
    if (free.numbers.empty()) {
      line_ = own_lines + free.without++ % shared_lines;
    } else {
      line_ = free.numbers.back();
      free.numbers.pop_back();
    }
  }
  line_owner(const line_owner&) = delete;
  line_owner& operator=(const line_owner&) = delete;
  ~line_owner() {
    const auto mine = std::exchange(line_, own_lines); // what comes is shared
    if (mine >= own_lines)
      return;
    auto& free = all_free_lines(own_lines);
    const std::lock_guard lock{free.mutex};
    free.numbers.push_back(mine);
  }
};

std::uint32_t message_statistics::take_line() noexcept {
  thread_local const line_owner owner;
  return line_;
}

std::uint64_t message_statistics::count(message_count which) const noexcept {
  std::uint64_t sum = 0;
  for (const auto& it : lines_)
    sum += it.values[static_cast<std::size_t>(which)].load(
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
