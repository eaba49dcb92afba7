#pragma once

#include <troupe/protocol/result.hpp>

#include <string_view>

namespace troupe::actors {

/// Stands in the detail of an error that tells of a key whose money is used
/// up: its code is that of any other refusal.
inline constexpr std::string_view key_is_spent = "the key's money is used up";

/// True when a provider fails so whatever model is asked with the same key.
[[nodiscard]] inline bool is_of_key(const protocol::error& why) noexcept {
  return why.code == protocol::errc::provider_unauthorized
         || why.detail.find(key_is_spent) != std::string::npos;
}

} // namespace troupe::actors
