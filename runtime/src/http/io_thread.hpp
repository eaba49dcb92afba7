#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace troupe::http {

/// One `io_context` on one thread of its own, for all providers of a process.
/// Lifetime: outlives every client, and the actor system whose actors wait for
/// answers. Its destructor waits at most two seconds for work under way.
class io_thread {
public:
  io_thread();
  ~io_thread();
  io_thread(const io_thread&) = delete;
  io_thread& operator=(const io_thread&) = delete;

  /// Thread safety: any thread.
  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }

private:
  using guard =
      boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

  void run() noexcept;

  boost::asio::io_context context_{1};
  guard work_{context_.get_executor()};
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_over_ = false;
  std::thread thread_;
};

} // namespace troupe::http
