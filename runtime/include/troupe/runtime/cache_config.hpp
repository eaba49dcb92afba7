#pragma once

#include <troupe/protocol/time.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>

namespace troupe {

enum class cache_mode : std::uint8_t {
  off,        ///< Every call is made.
  read_write, ///< Equal calls of a tenant get one answer.
};
BOOST_DESCRIBE_ENUM(cache_mode, off, read_write)

/// Answers of models that are given again to equal calls of the same tenant.
struct cache_config {
  cache_mode mode = cache_mode::off;
  std::string file; ///< Keeps answers over restarts; empty: in memory only.
  protocol::duration ttl = std::chrono::hours{24}; ///< 1 s to 365 days.
  std::uint32_t entries_max = 10'000;         ///< In memory; 1 to 10,000,000.
  std::uint32_t bytes_max = 64U << 20U;       ///< In memory; 64 KiB to 3 GiB.
  std::uint32_t file_entries_max = 100'000;   ///< 1 to 10,000,000.
  std::uint32_t file_bytes_max = 256U << 20U; ///< 64 KiB to 3 GiB.
  /// Calls with a higher temperature are made each time; 0 to 2,000.
  std::uint32_t temperature_permille_max = 0;
  bool tool_calls = false; ///< Also answers that ask for tools.
};
BOOST_DESCRIBE_STRUCT(cache_config, (),
                      (mode, file, ttl, entries_max, bytes_max,
                       file_entries_max, file_bytes_max,
                       temperature_permille_max, tool_calls))

} // namespace troupe
