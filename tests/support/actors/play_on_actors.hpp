#pragma once

#include "support/actors/otp_play.hpp"

namespace troupe::test {

/// Plays it with real supervisors, children that are actors, and a virtual
/// clock. The lines are those of `lines_of`, but that answers are "= ok",
/// "= refused" or "= gone".
[[nodiscard]] std::vector<std::string> lines_on_actors(const otp_play& play);

} // namespace troupe::test
