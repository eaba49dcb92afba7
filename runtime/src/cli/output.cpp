#include "output.hpp"

#include <cerrno>
#include <poll.h>
#include <string>
#include <unistd.h>

namespace troupe::cli {

void output::write(std::string_view text) {
  while (!text.empty() && !closed_) {
    const auto count = ::write(descriptor_, text.data(), text.size());
    if (count > 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd wait{descriptor_, POLLOUT, 0};
      ::poll(&wait, 1, 1000); // somebody made the shared end non-blocking
      continue;
    }
    closed_ = errno != EINTR;
  }
}

void output::line(std::string_view text) {
  std::string whole(text);
  write(whole += '\n');
}

bool output::is_terminal() const noexcept {
  return ::isatty(descriptor_) == 1;
}

} // namespace troupe::cli
