#pragma once

#include <troupe/protocol/coordination.hpp>
#include <troupe/protocol/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace troupe::actors {

struct heartbeat_limits {
  std::chrono::milliseconds expected{
      1'000};                           ///< Taken until intervals are known
  std::chrono::milliseconds least{100}; ///< and never below this.
  std::size_t samples_max = 64;         ///< Intervals kept per sender.
  std::size_t senders_max = 10'000;
};

/// Suspects senders whose heartbeats stay away: the phi-accrual detector (N.
/// Hayashibara et al., "The phi accrual failure detector", SRDS 2004) with
/// exponential intervals, as in Apache Cassandra. Suspicion is 100 times phi:
/// at 100 a wrong suspicion has a chance of 1 in 10, at 800 of 1 in 10^8, which
/// is 18 mean intervals. It rises with time alone; one threshold fits senders
/// of any pace. Time is monotonic and passed in. Not thread-safe.
class heartbeat_rules {
public:
  enum class verdict {
    counted,
    started,  ///< The first of a new sender or incarnation.
    repeated, ///< A sequence not above the last; changes nothing.
    outdated, ///< Of an earlier incarnation; changes nothing.
    full,     ///< Too many senders; it is not watched.
  };
  using time_point = std::chrono::steady_clock::time_point;

  explicit heartbeat_rules(const heartbeat_limits& limits) : limits_(limits) {}

  verdict hear(const protocol::heartbeat& it, time_point now);

  /// 0 for one that is not watched.
  [[nodiscard]] std::uint32_t suspicion_of(const std::string& sender,
                                           time_point now) const;

  /// Those at or above `threshold`, by name.
  [[nodiscard]] std::vector<std::string> suspects(std::uint32_t threshold,
                                                  time_point now) const;

  void forget(const std::string& sender) { senders_.erase(sender); }

  [[nodiscard]] std::size_t size() const noexcept { return senders_.size(); }

private:
  struct sender_state {
    std::uint64_t incarnation = 0;
    std::uint64_t sequence = 0;
    time_point last{};
    std::deque<std::chrono::milliseconds> intervals; // bounded by samples_max
    std::chrono::milliseconds sum{0};
  };

  [[nodiscard]] std::uint32_t suspicion(const sender_state& it,
                                        time_point now) const;

  heartbeat_limits limits_;
  std::map<std::string, sender_state> senders_;
};

} // namespace troupe::actors
