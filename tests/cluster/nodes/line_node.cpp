#include "cluster/nodes/line_node.hpp"

#include <arpa/inet.h>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace troupe::test {

namespace {

using answerer = std::function<std::string(const std::string&)>;

struct caller {
  int socket;
  std::string line;
};

sockaddr_in place(const std::string& address, int port) {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, address.c_str(), &made.sin_addr);
  return made;
}

const sockaddr* plain(const sockaddr_in& it) {
  return reinterpret_cast<const sockaddr*>(&it);
}

/// False when the caller has gone.
bool take_lines(caller& from, const answerer& answer) {
  char piece[4'096];
  const auto got = ::read(from.socket, piece, sizeof piece);
  if (got <= 0)
    return false;
  for (const char c : std::string_view{piece, static_cast<std::size_t>(got)}) {
    if (c != '\n') {
      from.line += c;
      continue;
    }
    std::printf("got %s\n", from.line.c_str());
    auto reply = answer(from.line);
    from.line.clear();
    if (reply.empty())
      continue;
    reply += '\n';
    if (::send(from.socket, reply.data(), reply.size(), MSG_NOSIGNAL) < 0)
      return false;
  }
  return true;
}

void serve_once(int door, std::vector<caller>& callers,
                const answerer& answer) {
  std::vector<pollfd> ready{{door, POLLIN, 0}};
  for (const auto& each : callers)
    ready.push_back({each.socket, POLLIN, 0});
  ::poll(ready.data(), ready.size(), 10'000);
  for (auto i = callers.size(); i-- > 0;)
    if (ready[i + 1].revents != 0 && !take_lines(callers[i], answer)) {
      ::close(callers[i].socket);
      callers.erase(callers.begin() + static_cast<std::ptrdiff_t>(i));
    }
  if (ready[0].revents != 0)
    callers.push_back({::accept(door, nullptr, nullptr), {}});
}

} // namespace

int serve_lines(int port, const answerer& answer) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const int door = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  ::setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto where = place("0.0.0.0", port);
  if (::bind(door, plain(where), sizeof where) != 0 || ::listen(door, 64) != 0)
    return 1;
  std::printf("listening\n");
  std::vector<caller> callers; // bounded by the test
  while (true)
    serve_once(door, callers, answer);
}

int connect_to(const std::string& address, int port) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const auto where = place(address, port);
  static_cast<void>(::connect(made, plain(where), sizeof where));
  pollfd ready{made, POLLOUT, 0};
  int problem = 0;
  socklen_t size = sizeof problem;
  if (::poll(&ready, 1, 1'000) == 1
      && ::getsockopt(made, SOL_SOCKET, SO_ERROR, &problem, &size) == 0
      && problem == 0)
    return made;
  ::close(made);
  return -1;
}

} // namespace troupe::test
