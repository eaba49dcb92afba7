#pragma once

#include <caf/mailbox_element.hpp>

namespace troupe::actors {

/// Takes the answers to requests that an actor has sent by other means than
/// CAF's own.
class response_receiver {
public:
  /// False when the answer is none of its own.
  virtual bool take_response(caf::mailbox_element& what) = 0;

protected:
  ~response_receiver() = default;
};

} // namespace troupe::actors
