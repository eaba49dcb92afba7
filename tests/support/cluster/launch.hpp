#pragma once

#include "support/cluster/descriptor.hpp"

#include <string>
#include <sys/types.h>
#include <vector>

namespace troupe::test {

struct launch_plan {
  std::vector<std::string> command; ///< The program, by path or by name.
  std::vector<std::string> env;     ///< `NAME=value`, beside what we have.
  int network = -1;                 ///< A namespace's descriptor; -1: ours.
  int mounts = -1;                  ///< The same, of what is mounted where.
};

struct launched {
  pid_t pid = -1;
  descriptor output; ///< Standard output and error of it.
};

/// Starts a program in a process group of its own. It is killed when the thread
/// that called this ends, however it ends. Throws when there is no such
/// program.
[[nodiscard]] launched launch(const launch_plan& plan);

/// Where a program is; empty: nowhere.
[[nodiscard]] std::string find_program(const std::string& name);

} // namespace troupe::test
