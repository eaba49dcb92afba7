#include "troupe/protocol/account.hpp"

#include <algorithm>

namespace troupe::protocol {

money account_state::left() const noexcept {
  if (limit == money::max())
    return limit;
  return std::max(money{}, limit - spent - reserved);
}

} // namespace troupe::protocol
