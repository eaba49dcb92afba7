#include "troupe/actors/heartbeat_rules.hpp"

#include <algorithm>
#include <limits>

namespace troupe::actors {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

heartbeat_rules::verdict heartbeat_rules::hear(const protocol::heartbeat& it,
                                               time_point now) {
  auto found = senders_.find(it.sender);
  if (found == senders_.end() && senders_.size() >= limits_.senders_max)
    return verdict::full;
  const bool is_new =
      found == senders_.end() || it.incarnation > found->second.incarnation;
  if (is_new) {
    auto& fresh = senders_[it.sender] = {};
    fresh.incarnation = it.incarnation;
    fresh.sequence = it.sequence;
    fresh.last = now;
    return verdict::started;
  }
  auto& known = found->second;
  if (it.incarnation < known.incarnation)
    return verdict::outdated;
  if (it.sequence <= known.sequence)
    return verdict::repeated;
  // Lost heartbeats do not make the sender's pace look slower than it is.
  const auto steps = static_cast<std::int64_t>(
      std::min<std::uint64_t>(it.sequence - known.sequence, 1'000'000));
  const auto interval = std::max(
      duration_cast<milliseconds>(now - known.last) / steps, milliseconds{0});
  known.intervals.push_back(interval);
  known.sum += interval;
  if (known.intervals.size() > limits_.samples_max) {
    known.sum -= known.intervals.front();
    known.intervals.pop_front();
  }
  known.sequence = it.sequence;
  known.last = std::max(known.last, now);
  return verdict::counted;
}

std::uint32_t heartbeat_rules::suspicion(const sender_state& it,
                                         time_point now) const {
  auto mean = limits_.expected;
  if (!it.intervals.empty())
    mean = it.sum / static_cast<std::int64_t>(it.intervals.size());
  mean = std::max({mean, limits_.least, milliseconds{1}});
  // phi = -log10(e^(-silence / mean)) = silence / mean * log10(e)
  constexpr std::int64_t log10_e_times_10_000 = 4'343;
  constexpr std::int64_t silence_max = 1'000'000'000'000; // ms; 31 years
  const auto silence = std::clamp<std::int64_t>(
      duration_cast<milliseconds>(now - it.last).count(), 0, silence_max);
  const auto level = silence * log10_e_times_10_000 / (mean.count() * 100);
  return static_cast<std::uint32_t>(
      std::min<std::int64_t>(level, std::numeric_limits<std::uint32_t>::max()));
}

std::uint32_t heartbeat_rules::suspicion_of(const std::string& sender,
                                            time_point now) const {
  const auto found = senders_.find(sender);
  return found == senders_.end() ? 0 : suspicion(found->second, now);
}

std::vector<std::string> heartbeat_rules::suspects(std::uint32_t threshold,
                                                   time_point now) const {
  std::vector<std::string> names;
  for (const auto& [name, it] : senders_)
    if (suspicion(it, now) >= threshold)
      names.push_back(name);
  return names;
}

} // namespace troupe::actors
