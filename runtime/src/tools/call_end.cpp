#include "tools/call_end.hpp"

#include <algorithm>

namespace troupe::tools {

call_end end_of_call(protocol::duration timeout, protocol::instant deadline) {
  const auto now = std::chrono::steady_clock::now();
  if (deadline == protocol::instant{})
    return {now + timeout, false};
  const auto left = deadline - std::chrono::system_clock::now();
  if (left >= timeout)
    return {now + timeout, false};
  return {now + std::max(left, protocol::duration{}), true};
}

} // namespace troupe::tools
