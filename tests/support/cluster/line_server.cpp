#include "support/cluster/line_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace troupe::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// A number that others may wait for.
class awaited_count {
public:
  void rise() {
    const std::lock_guard lock{mutex_};
    ++count_;
    risen_.notify_all();
  }
  [[nodiscard]] std::uint64_t count() const {
    const std::lock_guard lock{mutex_};
    return count_;
  }
  [[nodiscard]] bool wait(std::uint64_t count,
                          std::chrono::milliseconds within) const {
    std::unique_lock lock{mutex_};
    return risen_.wait_for(lock, within, [&] { return count_ >= count; });
  }

private:
  mutable std::mutex mutex_;
  mutable std::condition_variable risen_;
  std::uint64_t count_ = 0;
};

struct counters {
  awaited_count lines;
  awaited_count ended;
};

class line_caller : public std::enable_shared_from_this<line_caller> {
public:
  line_caller(tcp::socket socket, counters& seen)
      : socket_{std::move(socket)}, seen_{seen} {}

  void read() {
    asio::async_read_until(
        socket_, asio::dynamic_buffer(bytes_, 1U << 22U), '\n',
        [self = shared_from_this()](error_code problem, std::size_t size) {
          problem ? self->seen_.ended.rise() : self->answer(size);
        });
  }

private:
  void answer(std::size_t size) {
    seen_.lines.rise();
    asio::async_write(
        socket_, asio::buffer(bytes_.data(), size),
        [self = shared_from_this(), size](error_code problem, std::size_t) {
          self->bytes_.erase(0, size);
          if (!problem)
            self->read();
        });
  }

  tcp::socket socket_;
  counters& seen_;
  std::string bytes_;
};

} // namespace

struct line_server::impl {
  impl() : door{io, {asio::ip::address_v4::loopback(), 0}} {
    accept();
    thread = std::thread{[this] {
      io.run();
    }};
  }
  ~impl() {
    io.stop();
    thread.join();
  }

  void accept() {
    door.async_accept([this](error_code problem, tcp::socket socket) {
      if (problem)
        return;
      std::make_shared<line_caller>(std::move(socket), seen)->read();
      accept();
    });
  }

  counters seen;
  asio::io_context io{1};
  tcp::acceptor door;
  std::thread thread;
};

line_server::line_server() : impl_{std::make_unique<impl>()} {}

line_server::~line_server() = default;

std::uint16_t line_server::port() const noexcept {
  error_code ignored;
  return impl_->door.local_endpoint(ignored).port();
}

std::uint64_t line_server::lines() const {
  return impl_->seen.lines.count();
}

bool line_server::wait_lines(std::uint64_t count,
                             std::chrono::milliseconds within) const {
  return impl_->seen.lines.wait(count, within);
}

bool line_server::wait_ended(std::uint64_t count,
                             std::chrono::milliseconds within) const {
  return impl_->seen.ended.wait(count, within);
}

} // namespace troupe::test
