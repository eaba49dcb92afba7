#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace troupe::cli {

enum class state_action : std::uint8_t { get, put, remove, list, watch };

/// Of `state` and the commands inside it.
struct state_arguments {
  bool json = false;
  bool no_color = false;
  state_action action = state_action::get;
  std::string key; ///< Or a prefix, for `list` and `watch`.
  std::string value;
  std::optional<std::uint64_t> expected;
  std::string ttl;         ///< A duration; empty: none.
  std::uint64_t count = 0; ///< Commits to watch; 0: until it is stopped.
};

} // namespace troupe::cli
