#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/money.hpp"

#include <string>

namespace troupe {

/// Learning from judged answers which models are good at what.
struct learning_config {
  bool enabled = false;
  /// What a call may cost on average; 0: only quality counts.
  protocol::money spend_per_call;
  /// Log of choices and judgements, made when there is none; what is in it is
  /// learned again at each start. Empty: in memory only.
  std::string file;
  bool gates = true; ///< Gates of missions judge answers.
};
BOOST_DESCRIBE_STRUCT(learning_config, (),
                      (enabled, spend_per_call, file, gates))

} // namespace troupe
