#pragma once

#include <troupe/protocol/result.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::tokens {

/// The place of a token in the order of merges: lower merges first.
using rank = std::uint32_t;
inline constexpr rank no_rank = UINT32_MAX;

/// What a rank file may hold at most.
struct rank_limits {
  static constexpr std::size_t bytes_max = 16U << 20U;
  static constexpr std::size_t token_bytes_max = 1024;
  static constexpr rank rank_max = (1U << 24U) - 1;
};

/// Tokens and their ranks. Immutable once parsed; any thread.
class rank_table {
public:
  /// Reads `<base64> <rank>` lines; an empty last line is allowed.
  /// Errors: `malformed_message` with the line: base64 or number that cannot
  /// be read, a token or rank that came before, a missing single byte.
  static protocol::result<rank_table> parse(std::string_view text);

  /// The rank of exactly `token`; `no_rank` if it is not one.
  [[nodiscard]] rank find(std::string_view token) const noexcept;
  [[nodiscard]] rank of_byte(unsigned char byte) const noexcept {
    return bytes_[byte];
  }
  [[nodiscard]] rank of_pair(unsigned char a, unsigned char b) const noexcept {
    return pairs_[(std::size_t{a} << 8U) | b];
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Bytes of the longest token.
  [[nodiscard]] std::size_t token_bytes_max() const noexcept {
    return longest_;
  }

private:
  struct slot {
    std::uint32_t tag = 0; ///< Upper half of the hash.
    std::uint32_t begin = 0;
    rank value = no_rank; ///< `no_rank` marks an empty slot.
    std::uint32_t length = 0;
  };

  explicit rank_table(std::size_t lines);
  bool insert(std::string_view token, rank value);

  std::string arena_;
  std::vector<slot> slots_; ///< Open addressing; a power of two, half empty.
  std::array<rank, 256> bytes_{};
  std::vector<rank> pairs_;
  std::size_t size_ = 0;
  std::size_t longest_ = 0;
};

} // namespace troupe::tokens
