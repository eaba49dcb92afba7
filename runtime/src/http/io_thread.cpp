#include "http/io_thread.hpp"

#include <chrono>

namespace troupe::http {

io_thread::io_thread() : thread_([this] { run(); }) {}

io_thread::~io_thread() {
  work_.reset();
  {
    std::unique_lock lock{mutex_};
    ended_.wait_for(lock, std::chrono::seconds{2}, [this] { return is_over_; });
  }
  context_.stop();
  thread_.join();
}

void io_thread::run() noexcept {
  for (bool again = true; again;) {
    try {
      context_.run();
      again = false;
    } catch (...) {
      // A handler ran out of memory: its call ends by its deadline, the others
      // must go on.
    }
  }
  const std::lock_guard lock{mutex_};
  is_over_ = true;
  ended_.notify_all();
}

} // namespace troupe::http
