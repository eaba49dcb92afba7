#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace troupe::actors {

/// How tenants share what a provider's key allows when there is not enough.
struct fair_shares {
  /// By tenant, the first name of an account's path; 1 to 1,000. Others: 1.
  std::map<std::string, std::uint32_t> weights;
  /// Of all tokens, so many may go to critical calls before the turn of their
  /// tenants, which pay for them later; 0 to 900.
  std::uint32_t urgent_permille = 200;
  std::size_t tenants_max = 10'000; ///< Remembered while they wait for nothing.
};

} // namespace troupe::actors
