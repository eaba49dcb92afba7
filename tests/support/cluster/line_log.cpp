#include "support/cluster/line_log.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>

namespace troupe::test {

line_log::line_log(descriptor from)
    : from_{std::move(from)}, stop_{::eventfd(0, EFD_CLOEXEC)}, reader_{[this] {
        read();
      }} {}

line_log::~line_log() {
  ::eventfd_write(stop_.get(), 1);
  reader_.join();
}

void line_log::read() {
  char piece[4'096];
  while (true) {
    pollfd ready[] = {{from_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    if (::poll(ready, 2, 10'000) < 0 && errno != EINTR)
      break;
    if (ready[1].revents != 0)
      break;
    if (ready[0].revents == 0)
      continue;
    const auto got = ::read(from_.get(), piece, sizeof piece);
    if (got <= 0)
      break;
    take({piece, static_cast<std::size_t>(got)});
  }
  const std::lock_guard lock{mutex_};
  has_ended_ = true;
  grown_.notify_all();
}

void line_log::take(std::string_view bytes) {
  const std::lock_guard lock{mutex_};
  for (const char c : bytes) {
    if (c != '\n') {
      if (open_line_.size() < line_bytes_max)
        open_line_ += c;
      continue;
    }
    lines_.push_back(std::move(open_line_));
    open_line_.clear();
    if (lines_.size() > lines_kept) {
      lines_.pop_front();
      ++forgotten_;
    }
  }
  grown_.notify_all();
}

std::optional<std::string> line_log::wait(std::string_view text,
                                          std::chrono::milliseconds within) {
  const auto until = std::chrono::steady_clock::now() + within;
  std::unique_lock lock{mutex_};
  while (true) {
    for (seen_ = std::max(seen_, forgotten_);
         seen_ < forgotten_ + lines_.size();)
      if (auto line = lines_[seen_++ - forgotten_];
          line.find(text) != std::string::npos)
        return line;
    if (has_ended_ || grown_.wait_until(lock, until) == std::cv_status::timeout)
      break;
  }
  return std::nullopt;
}

std::string line_log::tail(std::size_t lines_max) const {
  const std::lock_guard lock{mutex_};
  std::string text;
  const auto from = lines_.size() - std::min(lines_.size(), lines_max);
  for (auto i = from; i < lines_.size(); ++i)
    text += lines_[i] + '\n';
  return text + open_line_;
}

} // namespace troupe::test
