#include "support/nodes/effect_desk.hpp"

#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace troupe::test {

effect_desk::effect_desk(const std::string& socket, history_recorder& seen)
    : seen_(seen), socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)},
      ends_{::eventfd(0, EFD_CLOEXEC)} {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  socket.copy(at.sun_path, sizeof at.sun_path - 1);
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at)
      != 0)
    throw std::system_error{errno, std::generic_category(), "effect desk"};
  thread_ = std::thread{[this] {
    serve();
  }};
}

effect_desk::~effect_desk() {
  const std::uint64_t one = 1;
  (void)!::write(ends_.get(), &one, sizeof one);
  thread_.join();
}

/// A datagram an effect: `NAME NODE`.
void effect_desk::serve() {
  pollfd waits[2]{{socket_.get(), POLLIN, 0}, {ends_.get(), POLLIN, 0}};
  for (;;) {
    ::poll(waits, 2, -1);
    char bytes[512];
    const auto size = ::recv(socket_.get(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (size < 0 && waits[1].revents != 0)
      return; // all that had come is taken down
    if (size < 0)
      continue;
    const std::string text(bytes, static_cast<std::size_t>(size));
    const auto space = text.find(' ');
    seen_.effect(text.substr(0, space), text.substr(space + 1));
  }
}

} // namespace troupe::test
