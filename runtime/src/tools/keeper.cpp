#include "tools/keeper.hpp"

#include "tools/memory_group.hpp"
#include "tools/process_tree.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace troupe::tools {

namespace {

constexpr int look_every_ms = 25;
constexpr std::int64_t end_patience_ms = 60'000;
constexpr int descriptors_most = 1 << 20;

std::int64_t now_ms() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1'000 + time.tv_nsec / 1'000'000;
}

void tell(int link, keeper_news what, int value) noexcept {
  const keeper_packet packet{what, value};
  (void)::send(link, &packet, sizeof packet, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void close_between(int first, int last) noexcept {
  if (first > last)
    return;
  if (::syscall(SYS_close_range, first, last, 0) == 0)
    return;
  for (int fd = first; fd <= std::min(last, descriptors_most); ++fd)
    ::close(fd);
}

/// Others wait for the end of what they write to; and sockets must not stay.
void close_all_but(std::array<int, 4> kept) noexcept {
  std::sort(kept.begin(), kept.end());
  int next = 0;
  for (const int fd : kept) {
    close_between(next, fd - 1);
    next = fd + 1;
  }
  close_between(next, descriptors_most);
}

void limit(int what, std::uint64_t value, std::uint64_t hard) noexcept {
  rlimit now{};
  if (::getrlimit(static_cast<__rlimit_resource>(what), &now) != 0)
    return;
  now.rlim_max = std::min<rlim_t>(now.rlim_max, hard);
  now.rlim_cur = std::min<rlim_t>(now.rlim_max, value);
  (void)::setrlimit(static_cast<__rlimit_resource>(what), &now);
}

void set_limits(const process_limits& to) noexcept {
  limit(RLIMIT_CORE, 0, 0);
  if (to.memory_bytes != 0)
    limit(RLIMIT_AS, to.memory_bytes, to.memory_bytes);
  if (to.files != 0)
    limit(RLIMIT_NOFILE, to.files, to.files);
  if (to.cpu_seconds != 0) // first a signal that tells why, then the end
    limit(RLIMIT_CPU, to.cpu_seconds, std::uint64_t{to.cpu_seconds} + 1);
}

void reset_signals() noexcept {
  struct sigaction plain {};
  plain.sa_handler = SIG_DFL;
  for (int i = 1; i < NSIG; ++i)
    (void)::sigaction(i, &plain, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Before it has a thread or asks for memory, so that all counts.
bool join(const keeper_group& group) noexcept {
  if (group.members == nullptr)
    return true;
  const int fd = ::open(group.members, O_WRONLY | O_CLOEXEC);
  const bool has_joined = fd >= 0 && ::write(fd, "0", 1) == 1;
  if (fd >= 0)
    ::close(fd);
  return has_joined;
}

/// All of its members are gone.
void leave(const keeper_group& group, int link) noexcept {
  if (group.folder == nullptr)
    return;
  std::array<char, 4'096> text;
  const int fd = ::open(group.events, O_RDONLY | O_CLOEXEC);
  const auto size = fd < 0 ? -1 : ::read(fd, text.data(), text.size());
  if (size > 0
      && tells_of_a_kill({text.data(), static_cast<std::size_t>(size)}))
    tell(link, keeper_news::out_of_memory, 0);
  (void)::rmdir(group.folder);
}

[[noreturn]] void become_program(const keeper_plan& plan,
                                 pid_t keeper) noexcept {
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != keeper)
    ::_exit(127);
  reset_signals();
  bool is_ready = plan.folder == nullptr || ::chdir(plan.folder) == 0;
  is_ready = is_ready && ::dup2(plan.input, 0) == 0
             && ::dup2(plan.output, 1) == 1 && ::dup2(plan.complaints, 2) == 2;
  is_ready = is_ready && join(plan.group);
  set_limits(plan.limits);
  if (!plan.may_gain_privileges)
    is_ready = is_ready && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  if (is_ready)
    ::execve(plan.file, plan.arguments, plan.environment);
  tell(plan.link, keeper_news::not_started, errno);
  ::_exit(127);
}

/// Waits until the program has ended, or has to.
void watch(const keeper_plan& plan, pid_t program, int program_fd) noexcept {
  for (;;) {
    std::array<pollfd, 2> both{
        {{plan.link, POLLIN, 0}, {program_fd, POLLIN, 0}}};
    if (::poll(both.data(), program_fd < 0 ? 1 : 2, look_every_ms) < 0
        && errno != EINTR)
      return;
    if (both[0].revents != 0)
      return;
    siginfo_t how{};
    // It is not taken away yet, so that nobody else gets its number.
    if (::waitid(P_PID, static_cast<id_t>(program), &how,
                 WEXITED | WNOHANG | WNOWAIT)
            != 0
        || how.si_pid == program)
      return;
    // Below the keeper, which adopts those whose parent has ended.
    if (plan.limits.processes != 0
        && is_tree_above(::getpid(), plan.limits.processes)) {
      tell(plan.link, keeper_news::crowded, 0);
      return;
    }
  }
}

/// Ends what the program has started, and takes every end. What it was.
int end_all(pid_t program) noexcept {
  ::kill(-program, SIGKILL);
  ::kill(program, SIGKILL);
  int outcome = 0;
  const auto limit = now_ms() + end_patience_ms;
  while (now_ms() < limit) {
    int status = 0;
    const auto ended = ::waitpid(-1, &status, WNOHANG);
    if (ended < 0 && errno != EINTR)
      break; // nobody is left
    if (ended == program)
      outcome = status;
    if (ended > 0)
      continue;
    // Who has left the group, and is ours now that its parent is gone.
    kill_children();
    (void)::poll(nullptr, 0, 1);
  }
  return outcome;
}

} // namespace

void keep(const keeper_plan& plan) noexcept {
  ::setsid();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  ::prctl(PR_SET_NAME, "troupe-keeper", 0, 0, 0);
  close_all_but({plan.input, plan.output, plan.complaints, plan.link});
  const auto self = ::getpid();
  const auto program = ::_Fork();
  if (program == 0)
    become_program(plan, self);
  if (program < 0) {
    tell(plan.link, keeper_news::not_started, errno);
    ::_exit(1);
  }
  ::close(plan.input);
  ::close(plan.output);
  ::close(plan.complaints);
  const auto program_fd =
      static_cast<int>(::syscall(SYS_pidfd_open, program, 0));
  watch(plan, program, program_fd);
  const int status = end_all(program);
  leave(plan.group, plan.link);
  if (WIFSIGNALED(status))
    tell(plan.link, keeper_news::signalled, WTERMSIG(status));
  else
    tell(plan.link, keeper_news::exited, WEXITSTATUS(status));
  ::_exit(0);
}

} // namespace troupe::tools
