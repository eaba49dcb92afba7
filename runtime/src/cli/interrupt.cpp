#include "interrupt.hpp"

#include "exit_code.hpp"
#include "screen_painter.hpp"

#include <array>
#include <csignal>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace troupe::cli {

namespace {

constexpr int forever = -1; // the wake-up descriptor ends this wait

/// Less those that whoever started us wants ignored, as nohup does.
sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGTSTP}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN)
      sigaddset(&set, signal);
  }
  return set;
}

void restore_terminal() {
  if (::isatty(STDERR_FILENO) != 1)
    return;
  const auto text = restore_sequence;
  // Nothing can be done when this fails.
  [[maybe_unused]] const auto written =
      ::write(STDERR_FILENO, text.data(), text.size());
}

std::string reason_for(int signal) {
  return signal == SIGINT ? "interrupted by Ctrl-C"
                          : "ended by a signal of the system";
}

} // namespace

void leave_at_once(int code) {
  restore_terminal();
  ::_exit(code);
}

interrupt_watch::interrupt_watch() {
  const auto set = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  wake_ = ::eventfd(0, EFD_CLOEXEC);
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  thread_ = std::thread{[this] {
    watch();
  }};
}

interrupt_watch::~interrupt_watch() {
  ::eventfd_write(wake_, 1);
  thread_.join();
  ::close(signals_);
  ::close(wake_);
  const auto set = watched_signals();
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void interrupt_watch::on_stop(std::function<void(std::string)> stop) {
  const std::lock_guard lock{mutex_};
  stop_ = std::move(stop);
  if (stopped_ && stop_)
    stop_(reason_);
}

void interrupt_watch::watch() {
  while (true) {
    std::array<pollfd, 2> wait{{{wake_, POLLIN, 0}, {signals_, POLLIN, 0}}};
    if (::poll(wait.data(), wait.size(), forever) < 0)
      continue; // interrupted: nothing else can fail here
    signalfd_siginfo info{};
    if (::read(signals_, &info, sizeof info) == sizeof info)
      handle(static_cast<int>(info.ssi_signo));
    else if (wait[0].revents != 0)
      return;
  }
}

void interrupt_watch::handle(int signal) {
  if (signal == SIGTSTP) {
    restore_terminal();
    ::kill(::getpid(), SIGSTOP);
    ++resumed_;
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (stopped_) {
    if (now - first_ < same_key)
      return;
    leave_at_once(exit_cancelled);
  }
  first_ = now;
  const std::lock_guard lock{mutex_};
  reason_ = reason_for(signal);
  stopped_ = true;
  if (stop_)
    stop_(reason_);
}

} // namespace troupe::cli
