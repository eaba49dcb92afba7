#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"
#include "troupe/protocol/result.hpp"

#include <string>

/// What a sender learns of its messages besides their answers.
namespace troupe::protocol {

/// Confirms a message whose header asked for it: its receiver has taken it out
/// of its mailbox and starts on it now.
struct delivered {
  id message;
  instant at;

  bool operator==(const delivered&) const = default;
};
BOOST_DESCRIBE_STRUCT(delivered, (), (message, at))

/// Gives a one-way message back to its sender that no receiver has handled:
/// `overloaded` (its mailbox was full), `limit_exceeded` (the message is larger
/// than the mailbox) or `unreachable` (it has ended). Requests are answered
/// with the error itself instead.
struct undelivered {
  id message;
  std::string type; ///< Of its body.
  error why;

  bool operator==(const undelivered&) const = default;
};
BOOST_DESCRIBE_STRUCT(undelivered, (), (message, type, why))

} // namespace troupe::protocol
