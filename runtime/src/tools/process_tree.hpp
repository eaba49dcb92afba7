#pragma once

#include <cstdint>
#include <sys/types.h>

/// What stands below a process, as /proc tells. Takes no memory and no lock, so
/// that a forked process may use it. Without /proc it sees nothing.
namespace troupe::tools {

/// True when the processes below `root`, those of threads other than the first
/// left out, are more than `most`, or than 1,000.
[[nodiscard]] bool is_tree_above(pid_t root, std::uint32_t most) noexcept;

/// Ends the children of this process, which must have one thread.
void kill_children() noexcept;

} // namespace troupe::tools
