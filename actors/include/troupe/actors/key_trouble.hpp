#pragma once

#include <troupe/protocol/result.hpp>

namespace troupe::actors {

/// True when a provider fails so whatever model is asked with the same key.
[[nodiscard]] inline bool is_of_key(const protocol::error& why) noexcept {
  return why.code == protocol::errc::provider_unauthorized
         || why.code == protocol::errc::provider_unfunded;
}

} // namespace troupe::actors
