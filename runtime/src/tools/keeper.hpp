#pragma once

#include <chrono>
#include <cstdint>

namespace troupe::tools {

/// What the processes of one tool call may use. Nothing: 0.
struct process_limits {
  std::uint64_t memory_bytes = 512ULL << 20U; ///< Address space of each.
  std::uint32_t cpu_seconds = 10;             ///< Of each.
  std::uint32_t files = 64;                   ///< Open ones of each.
  std::uint32_t processes = 64;               ///< At one time.
};

/// The files of a `memory_group`; or none.
struct keeper_group {
  const char* folder = nullptr;
  const char* members = nullptr;
  const char* events = nullptr;
};

/// All that a keeper needs. It is made before the fork: a process that was
/// forked off one with several threads must not ask for memory.
struct keeper_plan {
  const char* file;
  char* const* arguments;
  char* const* environment;
  const char* folder;
  process_limits limits;
  bool may_gain_privileges; ///< For a sandbox that has to.
  int input;                ///< These three become the program's.
  int output;
  int complaints;
  int link;             ///< To the maker: packets.
  keeper_group group{}; ///< That the program joins; removed at the end.
};

/// What a keeper tells, in one packet each.
enum class keeper_news : std::int32_t {
  not_started,   ///< `value`: errno.
  crowded,       ///< It has too many processes and is being ended.
  out_of_memory, ///< Its group has killed one of its processes.
  exited,        ///< `value`: its code. All processes are gone: the last word.
  signalled,     ///< `value`: the signal. The same.
};
struct keeper_packet {
  keeper_news what;
  std::int32_t value;
};

/// What a forked process does: starts the program in a session of its own, and
/// ends it, with all that it has started, when the other end of `link` is shut
/// or gone, or when the program ends. Since it adopts what outlives its parent,
/// nothing is left but what its user's other processes have taken over. Uses
/// only what is safe after a fork.
[[noreturn]] void keep(const keeper_plan& plan) noexcept;

} // namespace troupe::tools
