#pragma once

#include <algorithm>
#include <cstdint>

namespace troupe::test {

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TROUPE_IS_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define TROUPE_IS_SANITIZED
#endif

/// How many random histories a test plays: all of them, or an eighth under a
/// sanitizer, where each takes ten times as long.
constexpr std::uint64_t rounds(std::uint64_t all) {
#ifdef TROUPE_IS_SANITIZED
  return std::max<std::uint64_t>(all / 8, 1);
#else
  return all;
#endif
}

} // namespace troupe::test
