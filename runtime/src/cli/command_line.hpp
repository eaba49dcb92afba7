#pragma once

namespace troupe::cli {

/// The command `troupe`: reads its arguments and does what they say. Returns
/// the exit code. Never throws.
[[nodiscard]] int run_command_line(int count, const char* const* words);

} // namespace troupe::cli
