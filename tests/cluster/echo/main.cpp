// A node for tests of the testbed: `listen PORT` answers each line with its
// name and the line; `say TEXT` says it to standard error and ends with 7.
#include <arpa/inet.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

struct caller {
  int socket;
  std::string line;
};

sockaddr_in place(const char* address, const char* port) {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  ::inet_pton(AF_INET, address, &made.sin_addr);
  return made;
}

const sockaddr* plain(const sockaddr_in& it) {
  return reinterpret_cast<const sockaddr*>(&it);
}

/// False when the caller has gone.
bool answer(caller& from, const std::string& name) {
  char piece[4096];
  const auto got = ::read(from.socket, piece, sizeof piece);
  if (got <= 0)
    return false;
  for (ssize_t i = 0; i < got; ++i) {
    from.line += piece[i];
    if (piece[i] != '\n')
      continue;
    std::printf("got %s", from.line.c_str());
    const auto reply = name + ' ' + from.line;
    from.line.clear();
    if (::send(from.socket, reply.data(), reply.size(), MSG_NOSIGNAL) < 0)
      return false;
  }
  return true;
}

int listen_at(const char* port, const std::string& name) {
  const int door = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  ::setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto where = place("0.0.0.0", port);
  if (::bind(door, plain(where), sizeof where) != 0 || ::listen(door, 64) != 0)
    return 1;
  std::printf("listening\n");
  std::vector<caller> callers;
  while (true) {
    std::vector<pollfd> ready{{door, POLLIN, 0}};
    for (const auto& each : callers)
      ready.push_back({each.socket, POLLIN, 0});
    ::poll(ready.data(), ready.size(), 10'000);
    for (auto i = callers.size(); i-- > 0;)
      if (ready[i + 1].revents != 0 && !answer(callers[i], name)) {
        ::close(callers[i].socket);
        callers.erase(callers.begin() + static_cast<std::ptrdiff_t>(i));
      }
    if (ready[0].revents != 0)
      callers.push_back({::accept(door, nullptr, nullptr), {}});
  }
}

} // namespace

int main(int count, char** words) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const char* name = std::getenv("ECHO_NAME");
  if (count == 3 && std::strcmp(words[1], "listen") == 0)
    return listen_at(words[2], name == nullptr ? "echo" : name);
  if (count == 3 && std::strcmp(words[1], "say") == 0) {
    std::fprintf(stderr, "%s\n", words[2]);
    return 7;
  }
  return 2;
}
