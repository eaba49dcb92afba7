#pragma once

#include <chrono>
#include <cstdint>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace troupe::test {

/// The clock of the day of one process, which a test sets; see
/// `support/clock/shifted_clock.cpp`. It moves at once, and only it.
class set_clock {
public:
  explicit set_clock(std::string file) : file_(std::move(file)) { set({}); }

  /// Ahead of the machine's clock by so much, or behind it.
  void set(std::chrono::nanoseconds shift) const {
    const std::int64_t count = shift.count();
    const int at = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const auto written = ::pwrite(at, &count, sizeof count, 0);
    ::close(at);
    if (written != sizeof count)
      throw std::runtime_error{"the clock cannot be set"};
  }

  /// For the process.
  [[nodiscard]] std::vector<std::string> environment() const {
    return {"TROUPE_CLOCK_SHIFT=" + file_,
            "LD_PRELOAD=" TROUPE_BINARY_DIR "/tests/bin/libtroupe_clock.so"};
  }

private:
  std::string file_;
};

} // namespace troupe::test
