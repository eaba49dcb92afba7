#pragma once

#include <troupe/protocol/envelope.hpp>
#include <troupe/protocol/errc.hpp>
#include <troupe/protocol/result.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace caf {
class actor_system;
}

namespace troupe::actors {

/// What is counted of all messages between a node's actors.
enum class message_count : std::uint8_t {
  requests,    ///< Sent. Each ends in one of the next five, exactly once.
  answered,    ///< Its response came.
  failed,      ///< An error came, but for the three below.
  timed_out,   ///< Its deadline passed first.
  cancelled,   ///< It was ended on purpose.
  unreachable, ///< Its receiver was not there, or has ended.
  late,        ///< Answers that came after the outcome, and were dropped.
  accepted,    ///< Messages that a mailbox took in.
  refused,     ///< Messages that found a mailbox full.
  expired,     ///< Requests whose deadline had passed before their start.
  repeated,    ///< Requests answered from memory by their idempotency key.
  conflicting, ///< Requests that used a key for another body.
  dropped,     ///< Telemetry given up for newer telemetry.
  undelivered, ///< One-way messages whose receiver has ended.
  unexpected,  ///< Messages of a type that their receiver does not handle.
};
inline constexpr std::size_t message_count_size = 15;

/// The counts at one instant. Each is exact; taken one after the other.
using message_counts = std::array<std::uint64_t, message_count_size>;

/// A message that nobody handled.
struct dead_letter {
  protocol::instant at;
  protocol::message_kind kind = protocol::message_kind::notification;
  std::string type;     ///< Of the body.
  std::string from;     ///< As the header says.
  std::string receiver; ///< The actor's name.
  protocol::id message;
  protocol::error why;
};

/// The counts of a node's messages and its latest dead letters.
/// Blocking: never for counts; dead letters take a short lock.
/// Thread safety: any thread.
class message_statistics {
public:
  static constexpr std::size_t dead_letters_max = 1'000; ///< The latest.

  void add(message_count which) noexcept {
    shards_[shard()].values[static_cast<std::size_t>(which)].fetch_add(
        1, std::memory_order_relaxed);
  }

  void add(dead_letter letter);

  [[nodiscard]] message_counts counts() const noexcept;

  [[nodiscard]] std::uint64_t count(message_count which) const noexcept {
    return counts()[static_cast<std::size_t>(which)];
  }

  /// Newest last.
  [[nodiscard]] std::vector<dead_letter> dead_letters() const;

private:
  /// Threads count in lines of memory of their own.
  struct alignas(128) line {
    std::array<std::atomic<std::uint64_t>, message_count_size> values{};
  };
  static constexpr std::size_t shard_count = 8;
  static std::size_t shard() noexcept;

  std::array<line, shard_count> shards_{};
  mutable std::mutex mutex_;
  std::deque<dead_letter> letters_;
};

/// The statistics of an actor system that was made with troupe's
/// `system_config`; of others, one for the whole process.
[[nodiscard]] message_statistics& statistics_of(caf::actor_system& system);

} // namespace troupe::actors
