#pragma once

#include "troupe/actors/caf_types.hpp"

#include <troupe/protocol/health.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <string>
#include <utility>

namespace troupe::actors {

/// Asks any actor of troupe how it is. Answered before its handlers see it;
/// send it with high priority, so that no data stands before it.
struct get_status {};

/// Answers `get_status`; its way in the tree is left open.
struct status_told {
  protocol::part_status status;
};

/// An actor that has more to say of itself than its mailbox shows.
class tells_status {
public:
  /// Called on the actor's own thread.
  virtual void tell_status(protocol::part_status& to) const = 0;

protected:
  ~tells_status() = default;
};

inline void add_figure(protocol::part_status& to, std::string name,
                       std::uint64_t value) {
  to.figures.push_back({std::move(name), value});
}

/// The first reason counts.
inline void not_ready(protocol::part_status& to, std::string why) {
  if (!to.is_ready)
    return;
  to.is_ready = false;
  to.why = std::move(why);
}

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::get_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::status_told)
