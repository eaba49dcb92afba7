#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace troupe::actors {

/// What a subscription follows: one key, or all that begin with a prefix.
struct state_filter {
  std::string key;
  bool is_prefix = false;

  [[nodiscard]] bool matches(std::string_view other) const noexcept {
    return is_prefix ? other.starts_with(key) : other == key;
  }
  /// True when some key matches both.
  [[nodiscard]] bool overlaps(const state_filter& other) const noexcept {
    return matches(other.key) || other.matches(key);
  }
};

/// Lets tables of `std::string` be asked with a view.
struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

} // namespace troupe::actors
