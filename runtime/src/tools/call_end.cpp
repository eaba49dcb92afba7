#include "tools/call_end.hpp"

#include <algorithm>

namespace troupe::tools {

namespace {

/// Deadlines are of the runtime's clock, which is not set while it runs. The
/// clock of the day may be: from here on it is counted steadily.
const auto began_at = std::chrono::system_clock::now();
const auto began = std::chrono::steady_clock::now();

} // namespace

call_end end_of_call(protocol::duration timeout, protocol::instant deadline) {
  const auto now = std::chrono::steady_clock::now();
  if (deadline == protocol::instant{})
    return {now + timeout, false};
  const auto left = deadline - (began_at + (now - began));
  if (left >= timeout)
    return {now + timeout, false};
  return {now + std::max(left, protocol::duration{}), true};
}

} // namespace troupe::tools
