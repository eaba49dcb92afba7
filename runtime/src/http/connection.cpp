#include "http/connection.hpp"

#include <cerrno>
#include <sys/socket.h>

namespace troupe::http {

void connection::close() noexcept {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

bool connection::is_quiet() {
  char byte = 0;
  const auto got =
      ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

} // namespace troupe::http
