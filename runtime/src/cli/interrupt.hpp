#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace troupe::cli {

/// Catches SIGINT, SIGTERM, SIGHUP and SIGTSTP on a thread of its own. Must be
/// made before any other thread, since threads inherit which signals wait.
/// The first signal asks to stop; a second one ends the process at once, with
/// the terminal restored, unless it comes within `same_key`: wrappers pass on a
/// Ctrl-C that the terminal sends to all of them. Suspending (Ctrl-Z) restores
/// the terminal first. At most one at a time.
class interrupt_watch {
public:
  static constexpr std::chrono::milliseconds same_key{250};

  interrupt_watch();
  ~interrupt_watch();
  interrupt_watch(const interrupt_watch&) = delete;
  interrupt_watch& operator=(const interrupt_watch&) = delete;

  /// Calls `stop` with a reason at the first signal, on the watch's thread; at
  /// once if it has come already. Replaces the one before; an empty one is not
  /// called. Blocking: while the one before is being called.
  void on_stop(std::function<void(std::string reason)> stop);

  [[nodiscard]] bool has_stopped() const noexcept { return stopped_; }

  /// Counts how often the process came back from being suspended.
  [[nodiscard]] unsigned resumed() const noexcept { return resumed_; }

private:
  void watch();
  void handle(int signal);

  int wake_ = -1;    ///< An eventfd that ends the thread.
  int signals_ = -1; ///< A signalfd.
  std::mutex mutex_;
  std::function<void(std::string)> stop_;
  std::string reason_;
  std::chrono::steady_clock::time_point first_{};
  std::atomic<bool> stopped_{false};
  std::atomic<unsigned> resumed_{0};
  std::thread thread_;
};

/// Ends the process at once with `code`, without destructors, after it has
/// given the terminal its cursor back.
[[noreturn]] void leave_at_once(int code);

} // namespace troupe::cli
