#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace troupe::actors {

/// What happens to a message for which a mailbox has no room.
enum class overflow : std::uint8_t {
  /// It is refused at once: its sender learns `overloaded`.
  reject,
  /// The oldest message that still waits is given up for it. Only for
  /// telemetry, where the newest value is the one that counts.
  drop_oldest,
  /// It waits outside for room, as long as its deadline allows; `waiting_max`
  /// messages do, more are refused. One without a deadline is refused at once.
  wait,
};

/// What an actor's mailbox may hold. Control messages (coordination, answers,
/// settlements, an actor's own ticks) are never counted and never refused.
struct mailbox_limits {
  std::uint32_t messages_max = 10'000;    ///< 1 to 16,000,000.
  std::uint64_t bytes_max = 256ULL << 20; ///< Up to 1 TiB.
  overflow when_full = overflow::reject;
  std::uint32_t waiting_max = 1'000; ///< With `overflow::wait`.
};

/// Counts what is in a mailbox. One word holds messages and bytes, so that they
/// are checked together; what has come in and what has left are kept apart, so
/// that the actor, who alone writes the latter, locks no line of memory.
/// Thread safety: `leave` on the actor's thread, all else on any; lock-free.
class mailbox_gate {
public:
  struct depth {
    std::uint32_t messages = 0;
    std::uint64_t bytes = 0;
  };

  /// Takes a place; false, and nothing is taken, when there is none.
  [[nodiscard]] bool enter(std::uint64_t bytes,
                           const mailbox_limits& limits) noexcept {
    const auto weight = one | bytes;
    for (;;) {
      // Read first: so it is never more than what has come in.
      const auto left = left_.load(std::memory_order_acquire);
      const auto before =
          entered_.fetch_add(weight, std::memory_order_relaxed) - left;
      const auto now = split(before + weight);
      if (now.messages <= limits.messages_max && now.bytes <= limits.bytes_max)
        return true;
      entered_.fetch_sub(weight, std::memory_order_relaxed);
      if (left_.load(std::memory_order_acquire) == left)
        return false;
    }
  }

  /// Gives a place back.
  void leave(std::uint64_t bytes) noexcept {
    left_.store(left_.load(std::memory_order_relaxed) + (one | bytes),
                std::memory_order_release);
  }

  [[nodiscard]] depth now() const noexcept {
    const auto left = left_.load(std::memory_order_acquire);
    return split(entered_.load(std::memory_order_relaxed) - left);
  }

private:
  static constexpr unsigned byte_bits = 40;
  static constexpr std::uint64_t one = 1ULL << byte_bits;

  static depth split(std::uint64_t word) noexcept {
    return {static_cast<std::uint32_t>(word >> byte_bits), word & (one - 1)};
  }

  std::atomic<std::uint64_t> entered_{0}; ///< Both wrap around.
  std::atomic<std::uint64_t> left_{0};
};

} // namespace troupe::actors
