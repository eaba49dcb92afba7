#pragma once

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace troupe::tools {

/// Owns a file descriptor.
class descriptor {
public:
  descriptor() = default;
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~descriptor() { close(); }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
  void close() noexcept {
    if (fd_ >= 0)
      ::close(fd_);
    fd_ = -1;
  }

private:
  int fd_ = -1;
};

/// The same file under a number above those of standard input and output, which
/// a program may have closed. Not open: there is none.
[[nodiscard]] inline descriptor above_standard(int fd) noexcept {
  descriptor low{fd};
  return fd < 0 || fd > 2 ? std::move(low)
                          : descriptor{::fcntl(fd, F_DUPFD_CLOEXEC, 3)};
}

/// Two ends; neither is handed on to other programs.
struct descriptor_pair {
  descriptor ours;
  descriptor theirs;

  [[nodiscard]] bool is_open() const noexcept {
    return ours.is_open() && theirs.is_open();
  }
};

enum class direction { to_them, to_us };

/// Our end does not block.
[[nodiscard]] inline descriptor_pair make_pipe(direction where) noexcept {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return {};
  descriptor_pair made{above_standard(ends[0]), above_standard(ends[1])};
  if (where == direction::to_them)
    std::swap(made.ours, made.theirs);
  (void)::fcntl(made.ours.get(), F_SETFL, O_NONBLOCK);
  return made;
}

[[nodiscard]] inline descriptor_pair make_packet_link() noexcept {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return {};
  return {above_standard(ends[0]), above_standard(ends[1])};
}

} // namespace troupe::tools
