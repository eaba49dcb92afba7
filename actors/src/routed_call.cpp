#include "routed_call.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::instant;

protocol::error why_given_up(const routed_call& call,
                             const protocol::error& untried, instant first,
                             instant now) {
  auto why = call.attempts == 0 ? untried : call.failure;
  // Who has made one attempt only may be asked again by those above.
  why.retries_spent = call.candidates.empty() || call.attempts > 1;
  if (first != instant::max())
    why.retry_after = std::max(protocol::duration{}, first - now);
  return why;
}

} // namespace troupe::actors
