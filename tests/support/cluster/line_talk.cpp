#include "support/cluster/line_talk.hpp"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace troupe::test {

bool line_talk::send(const std::string& line) {
  const auto text = line + '\n';
  return ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL)
         == static_cast<ssize_t>(text.size());
}

std::optional<std::string> line_talk::receive(ms within) {
  using clock = std::chrono::steady_clock;
  const auto until = clock::now() + within;
  while (true) {
    if (const auto end = bytes_.find('\n'); end != std::string::npos) {
      auto line = bytes_.substr(0, end);
      bytes_.erase(0, end + 1);
      return line;
    }
    const auto left =
        std::chrono::duration_cast<ms>(until - clock::now()).count();
    pollfd ready{socket_.get(), POLLIN, 0};
    if (has_ended_ || left <= 0
        || ::poll(&ready, 1, static_cast<int>(left)) != 1)
      return std::nullopt;
    char piece[4'096];
    const auto got = ::recv(socket_.get(), piece, sizeof piece, 0);
    if (got > 0)
      bytes_.append(piece, static_cast<std::size_t>(got));
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
      has_ended_ = true;
  }
}

std::optional<std::string> line_talk::ask(const std::string& line, ms within) {
  return send(line) ? receive(within) : std::nullopt;
}

} // namespace troupe::test
