#pragma once

// CAF 0.17.6 needs make_message.hpp before error.hpp and result.hpp.
#include "troupe/actors/caf_message_list.hpp"

#include <troupe/protocol/result.hpp>

#include <caf/make_message.hpp>
#include <caf/error.hpp>
#include <caf/result.hpp>
#include <caf/type_id.hpp>

/// The one place where troupe's messages and errors meet CAF's type system.
#define TROUPE_ADD_TYPE_ID(kind, body)                                         \
  CAF_ADD_TYPE_ID(troupe, (troupe::protocol::kind<troupe::protocol::body>))

CAF_BEGIN_TYPE_ID_BLOCK(troupe, first_custom_type_id)
TROUPE_MESSAGES(TROUPE_ADD_TYPE_ID)
CAF_ADD_TYPE_ID(troupe, (troupe::protocol::state_update))
CAF_END_TYPE_ID_BLOCK(troupe)

#undef TROUPE_ADD_TYPE_ID

namespace troupe::actors {

/// Carries a typed error through CAF, detail included.
[[nodiscard]] caf::error to_caf(const protocol::error& failure);

/// Reads a typed error back. CAF's own errors become the nearest of ours:
/// `unreachable` for a receiver that is gone, `agent_failed` for an exception
/// in a handler, `internal` otherwise.
[[nodiscard]] protocol::error from_caf(const caf::error& failure);

/// A result as a handler may return it.
template <class T>
[[nodiscard]] caf::result<T> to_caf(protocol::result<T> outcome) {
  if (outcome)
    return std::move(*outcome);
  return to_caf(outcome.error());
}

} // namespace troupe::actors
