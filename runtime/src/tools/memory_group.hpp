#pragma once

#include <troupe/protocol/result.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

/// Bounds on the memory of a program and of all that it starts, together, by
/// the kernel's control groups (cgroups(7)), version 1 or 2.
namespace troupe::tools {

/// A group with no members yet. A program's keeper removes it when all of them
/// are gone.
struct memory_group {
  std::string folder;
  std::string members; ///< Who writes 0 to this file joins.
  std::string events;  ///< Counts those killed for want of memory.
};

/// Where the kernel shows groups, and in which ones this process is.
struct group_places {
  std::filesystem::path mounted = "/sys/fs/cgroup";
  std::string own; ///< As in /proc/self/cgroup.
};

[[nodiscard]] group_places places_of_this_process();

/// Makes a group whose members have at most `bytes` of memory, swap included:
/// in the group of this process or, where version 2 allows none with members,
/// beside it. Removes what processes that are gone have left there.
/// Errors: `invalid_request`: none may be made, and what would help.
/// Blocking: for some system calls. Thread safety: any thread.
[[nodiscard]] protocol::result<memory_group>
make_memory_group(std::uint64_t bytes,
                  const group_places& at = places_of_this_process());

/// Whether the text of `events` tells of a member that was killed.
[[nodiscard]] bool tells_of_a_kill(std::string_view events) noexcept;

} // namespace troupe::tools
