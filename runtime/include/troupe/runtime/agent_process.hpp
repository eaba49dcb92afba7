#pragma once

#include "troupe/runtime/agent_function.hpp"

#include <troupe/protocol/agent.hpp>
#include <troupe/protocol/describe.hpp>
#include <troupe/protocol/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Agents whose code runs in a process of its own: what it does to its memory,
/// to its stack or to its time, it does to that process alone.
namespace troupe {

/// How the process of an agent is started, and what it may use.
struct agent_process_options {
  /// The program and its arguments, which calls `serve_agents`; empty: this
  /// program itself. No shell reads them.
  std::vector<std::string> command{};
  std::string folder{}; ///< To work in; empty: this process's.
  /// Names of variables that it is given, as far as they are set.
  std::vector<std::string> environment{"PATH", "HOME", "LANG"};
  /// Bytes of address space of each of its processes; 0: no limit. Beyond it
  /// memory is refused, which C++ code sees as `std::bad_alloc`.
  std::uint64_t memory_max = 0;
  /// Bytes of memory in use that all its processes have together, kept by a
  /// control group of the kernel; 0: no limit. Beyond it the kernel kills, and
  /// the task ends with `unreachable`. Where no such group may be made, the
  /// agent is refused.
  std::uint64_t resident_max = 0;
  std::uint32_t files_max = 256;    ///< Open ones; 0: no limit.
  std::uint32_t processes_max = 32; ///< That it has started; 0: no limit.
  /// 100 ms to 1 h. What it takes to be ready, before it counts as failed.
  protocol::duration start_max = std::chrono::seconds{10};
  /// 1 s to 1 h. A process at work that has given no sign for so long is taken
  /// for hung and ended; it gives one each 250 ms, from a thread of its own.
  protocol::duration silence_max = std::chrono::seconds{5};
  /// 1 ms to 1 h. How long its code may go on behind a cancel or a deadline;
  /// then its process is ended.
  protocol::duration stop_max = std::chrono::seconds{2};
  /// Its process is made anew after it has died, at most so often in a minute;
  /// then the agent fails, and its supervisor decides. At most 1,000.
  std::uint32_t restarts_max = 10;
};
BOOST_DESCRIBE_STRUCT(agent_process_options, (),
                      (command, folder, environment, memory_max, resident_max,
                       files_max, processes_max, start_max, silence_max,
                       stop_max, restarts_max))

/// An agent that is a program.
struct program_agent {
  protocol::agent_card card{};
  agent_process_options where{}; ///< Its `command` is not empty.
};
BOOST_DESCRIBE_STRUCT(program_agent, (), (card, where))

/// An agent's code in the program that hosts it.
struct hosted_agent {
  std::string name; ///< As on its card.
  agent_function code;
};

/// To be called first in the `main` of a program that hosts agents. In a
/// process that a runtime has started for one of them it does the agent's work
/// until the runtime wants no more, and returns what `main` is to return;
/// nothing in any other process. Standard output is the runtime's: what code
/// prints there goes to standard error.
[[nodiscard]] std::optional<int>
serve_agents(const std::vector<hosted_agent>& agents);

} // namespace troupe
