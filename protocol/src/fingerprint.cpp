#include "troupe/protocol/fingerprint.hpp"

#include <bit>
#include <cstring>

namespace troupe::protocol {

namespace {

/// The finaliser of MurmurHash3 for 64 bits.
std::uint64_t mix(std::uint64_t x) noexcept {
  x ^= x >> 33U;
  x *= 0xFF51AFD7ED558CCDULL;
  x ^= x >> 33U;
  x *= 0xC4CEB9FE1A85EC53ULL;
  return x ^ (x >> 33U);
}

/// Up to eight bytes in little-endian order, whatever the machine's own.
std::uint64_t word_of(std::string_view bytes) noexcept {
  std::uint64_t word = 0;
  if (bytes.size() == 8 && std::endian::native == std::endian::little) {
    std::memcpy(&word, bytes.data(), 8); // one load; the loop would be forty
    return word;
  }
  for (std::size_t i = 0; i < bytes.size(); ++i)
    word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return word;
}

} // namespace

void fingerprint_builder::add(std::uint64_t word) noexcept {
  ++count_;
  low_ = std::rotl(low_ ^ (word * 0x87C37B91114253D5ULL), 31) * 5 + high_;
  high_ = std::rotl(high_ ^ (word * 0x4CF5AD432745937FULL), 33) * 5 + low_;
}

void fingerprint_builder::add(std::string_view text) noexcept {
  add(std::uint64_t{text.size()});
  for (std::size_t at = 0; at < text.size(); at += 8)
    add(word_of(text.substr(at, 8)));
}

id fingerprint_builder::finish() const noexcept {
  const auto low = mix(low_ ^ count_);
  const auto high = mix(high_ + low);
  return {high, mix(low + high)};
}

} // namespace troupe::protocol
