#pragma once

#include <troupe/protocol/message_counts.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace caf {
class actor_system;
}

namespace troupe::actors {

/// The members of `protocol::message_counts`, in their order.
enum class message_count : std::uint8_t {
  requests,
  answered,
  failed,
  timed_out,
  cancelled,
  unreachable,
  late,
  accepted,
  refused,
  expired,
  repeated,
  conflicting,
  dropped,
  undelivered,
  unexpected,
};
inline constexpr std::size_t message_count_size = 15;

/// As what a request counts that has ended in this error.
[[nodiscard]] message_count outcome_of(protocol::errc code) noexcept;

/// The counts of a node's messages and its latest dead letters.
/// Blocking: never for counts; dead letters take a short lock.
/// Thread safety: any thread.
class message_statistics {
public:
  static constexpr std::size_t dead_letters_max = 1'000; ///< The latest.

  void add(message_count which) noexcept {
    const auto at = line_ == none ? take_line() : line_;
    auto& value = lines_[at].values[static_cast<std::size_t>(which)];
    if (at < own_lines) // nobody else writes here: no need to lock the bus
      value.store(value.load(std::memory_order_relaxed) + 1,
                  std::memory_order_relaxed);
    else
      value.fetch_add(1, std::memory_order_relaxed);
  }

  void add(protocol::dead_letter letter);

  [[nodiscard]] protocol::message_counts counts() const noexcept;

  [[nodiscard]] std::uint64_t count(message_count which) const noexcept;

  /// Newest last.
  [[nodiscard]] std::vector<protocol::dead_letter> dead_letters() const;

private:
  /// Each thread counts in a line of memory of its own, which the next thread
  /// takes over when it ends; those that find none free share some.
  struct alignas(128) line {
    std::array<std::atomic<std::uint64_t>, message_count_size> values{};
  };
  static constexpr std::uint32_t own_lines = 32;
  static constexpr std::uint32_t shared_lines = 4;
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  struct line_owner;
  static std::uint32_t take_line() noexcept;
  static constinit thread_local std::uint32_t line_;

  std::array<line, own_lines + shared_lines> lines_{};
  mutable std::mutex mutex_;
  std::deque<protocol::dead_letter> letters_; // bounded by dead_letters_max
};

/// The statistics of an actor system that was made with troupe's
/// `system_config`; of others, one for the whole process.
[[nodiscard]] message_statistics& statistics_of(caf::actor_system& system);

} // namespace troupe::actors
