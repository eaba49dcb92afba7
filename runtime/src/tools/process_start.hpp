#pragma once

#include "tools/descriptor.hpp"
#include "tools/process.hpp"

#include <csignal>
#include <sys/types.h>

/// How a program comes to life behind its keeper, and how the keeper is taken.
namespace troupe::tools {

/// Keeps signals away from a thread: while it forks, so that no handler of the
/// program runs in the keeper, and that of a pipe whose reader has gone.
class quiet_signals {
public:
  explicit quiet_signals(bool all) noexcept {
    sigset_t what;
    ::sigemptyset(&what);
    ::sigaddset(&what, SIGPIPE);
    if (all)
      ::sigfillset(&what);
    ::pthread_sigmask(SIG_BLOCK, &what, &before_);
  }
  quiet_signals(const quiet_signals&) = delete;
  quiet_signals& operator=(const quiet_signals&) = delete;
  ~quiet_signals() {
    if (is_pipe_broken) {
      sigset_t pipe;
      ::sigemptyset(&pipe);
      ::sigaddset(&pipe, SIGPIPE);
      const timespec at_once{};
      (void)::sigtimedwait(&pipe, nullptr, &at_once);
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  bool is_pipe_broken = false; ///< By us: its signal waits and is ours.

private:
  sigset_t before_{};
};

/// A program with its keeper; our ends of its standard input and output do not
/// block.
struct started_process {
  int problem = 0; ///< The system's error; 0: none.
  pid_t keeper = -1;
  descriptor in{};
  descriptor out{};
  descriptor link{}; ///< Packets of the keeper. Shut, it ends the program.
};

/// `complaints`: where its standard error goes. Blocking: a few milliseconds.
[[nodiscard]] started_process start_process(const process_plan& plan,
                                            int complaints);

/// Waits for a keeper that has nothing more to do, or was killed.
void take_end(pid_t keeper) noexcept;

/// Keepers that nobody waits for, to be taken when they have ended. Adds one,
/// if it is above 0. Thread safety: any thread.
void leave_alone(pid_t keeper);

} // namespace troupe::tools
