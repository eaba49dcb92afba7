#include "support/cluster/stream_rules.hpp"

#include <algorithm>

namespace troupe::test {

namespace {

constexpr std::uint32_t record_head = 5;

} // namespace

std::optional<std::uint64_t> record_finder::middle_of(char byte) {
  if (at_ == 0)
    size_ = 0;
  // Type, version, and in the last two bytes of the head the length.
  if (at_ == 3 || at_ == 4)
    size_ = size_ << 8U | static_cast<unsigned char>(byte);
  const bool is_middle = at_ >= record_head && at_ == record_head + size_ / 2;
  const auto number = record_;
  ++at_;
  if (at_ >= record_head && at_ == record_head + size_) {
    at_ = 0;
    ++record_;
  }
  return is_middle ? std::optional{number} : std::nullopt;
}

std::optional<stream_fault_kind>
stream_cutter::fault_at(std::optional<std::uint64_t> middle) const {
  for (const auto& fault : faults_)
    if (fault.in_record ? fault.in_record == middle : fault.at_byte == at_)
      return fault.kind;
  return std::nullopt;
}

stream_cutter::outcome stream_cutter::take(std::string_view bytes) {
  outcome out;
  for (const char byte : bytes) {
    if (has_ended_)
      break;
    const auto fault = fault_at(records_.middle_of(byte));
    ++at_;
    if (fault && *fault != stream_fault_kind::corrupt) {
      has_ended_ = true;
      out.fault = fault;
      break;
    }
    out.bytes += fault ? static_cast<char>(byte ^ 1) : byte;
  }
  return out;
}

std::size_t stream_clock::piece_bytes() const noexcept {
  constexpr std::uint64_t whole = 16'384;
  const auto of_fifty_ms = pace_.bytes_per_second / 20;
  return pace_.bytes_per_second == 0
             ? whole
             : std::clamp<std::uint64_t>(of_fifty_ms, 1, whole);
}

stream_clock::instant stream_clock::due(instant now, std::size_t bytes) {
  auto when = now + pace_.delay;
  if (pace_.jitter.count() > 0)
    when += std::chrono::microseconds{static_cast<std::int64_t>(
        chance_() % (static_cast<std::uint64_t>(pace_.jitter.count()) + 1))};
  when = std::max(when, last_);
  if (pace_.bytes_per_second > 0)
    when += std::chrono::microseconds{
        static_cast<std::int64_t>(bytes * 1'000'000 / pace_.bytes_per_second)};
  last_ = when;
  return when;
}

} // namespace troupe::test
