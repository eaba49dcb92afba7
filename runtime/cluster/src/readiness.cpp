#include "readiness.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace troupe::cluster {

namespace {

void notify(const std::string& what) {
  const char* name = std::getenv("NOTIFY_SOCKET");
  sockaddr_un to{};
  if (name == nullptr || (name[0] != '/' && name[0] != '@')
      || std::strlen(name) >= sizeof to.sun_path)
    return;
  to.sun_family = AF_UNIX;
  const auto size = std::strlen(name);
  std::memcpy(to.sun_path, name, size);
  if (to.sun_path[0] == '@')
    to.sun_path[0] = '\0'; // an abstract one
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0)
    return;
  (void)::sendto(
      socket, what.data(), what.size(), MSG_NOSIGNAL,
      reinterpret_cast<const sockaddr*>(&to),
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size));
  ::close(socket);
}

} // namespace

readiness::readiness(std::string file, const std::string& address)
    : file_(std::move(file)) {
  if (!file_.empty()) {
    const auto beside = file_ + ".new";
    std::ofstream out{beside, std::ios::trunc};
    out << address << '\n';
    out.close();
    if (!out || std::rename(beside.c_str(), file_.c_str()) != 0) {
      problem_ = "cannot write " + file_ + ": "
                 + std::generic_category().message(errno);
      file_.clear();
      return;
    }
  }
  notify("READY=1\nSTATUS=at " + address + "\n");
}

readiness::~readiness() {
  if (!file_.empty())
    (void)::unlink(file_.c_str());
}

void readiness::stopping() const {
  notify("STOPPING=1\n");
}

} // namespace troupe::cluster
