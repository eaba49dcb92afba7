#include "troupe/runtime/config.hpp"

namespace troupe {

protocol::tier tier_by_priority::of(protocol::priority urgency) const noexcept {
  switch (urgency) {
  case protocol::priority::low:
    return low;
  case protocol::priority::medium:
    return medium;
  case protocol::priority::high:
    return high;
  case protocol::priority::critical:
    return critical;
  }
  return critical;
}

} // namespace troupe
