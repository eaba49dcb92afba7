#include "troupe/protocol/id.hpp"

namespace troupe::protocol {

namespace {

constexpr std::uint64_t time_max = (1ULL << 48U) - 1;
constexpr std::uint64_t count_end = 1ULL << 34U;
constexpr std::string_view hex_digits = "0123456789abcdef";

/// One step of splitmix64: spreads seeds that differ little over all bits.
std::uint64_t mixed(std::uint64_t x) noexcept {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

constexpr bool is_dash_position(std::size_t i) noexcept {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

} // namespace

std::string to_string(const id& value) {
  std::string text(36, '-');
  unsigned nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_position(i))
      continue;
    const auto word = nibble < 16 ? value.high : value.low;
    text[i] = hex_digits[(word >> (60U - 4U * (nibble % 16U))) & 15U];
    ++nibble;
  }
  return text;
}

result<id> parse_id(std::string_view text) {
  const auto refuse = [] {
    return fail(errc::malformed_message,
                "expected an id like 0192d3c4-5e6f-7abc-8def-0123456789ab");
  };
  if (text.size() != 36)
    return refuse();
  id value;
  unsigned nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_position(i)) {
      if (text[i] != '-')
        return refuse();
      continue;
    }
    const int digit = hex_value(text[i]);
    if (digit < 0)
      return refuse();
    auto& word = nibble < 16 ? value.high : value.low;
    word = (word << 4U) | static_cast<std::uint64_t>(digit);
    ++nibble;
  }
  return value;
}

id_source::id_source(std::uint64_t seed) noexcept
    : instance_(mixed(seed) >> 24U) {}

id id_source::next(instant now) noexcept {
  using std::chrono::floor, std::chrono::milliseconds;
  const auto since = floor<milliseconds>(now.time_since_epoch()).count();
  const auto ms = since < 0 ? 0 : static_cast<std::uint64_t>(since);
  if (ms > last_ms_) {
    last_ms_ = ms;
    count_ = 0;
  } else if (++count_ == count_end) {
    ++last_ms_; // borrow from the future rather than repeat
    count_ = 0;
  }
  const std::uint64_t count_high = count_ >> 22U;
  const std::uint64_t count_low = count_ & ((1ULL << 22U) - 1);
  return {((last_ms_ & time_max) << 16U) | 0x7000U | count_high,
          (2ULL << 62U) | (count_low << 40U) | instance_};
}

} // namespace troupe::protocol
