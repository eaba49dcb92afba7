#include "loopback_counter.hpp"

#include "measure.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace troupe::benchmarks {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(port);
  return at;
}

/// Reads until there is a whole head and so many bytes of a body as it says.
bool read_message(int from, std::string& text) {
  constexpr std::size_t bytes_max = 64U << 10U;
  std::array<char, 4'096> piece{};
  while (text.size() < bytes_max) {
    const auto end = text.find("\r\n\r\n");
    if (end != std::string::npos) {
      const auto at = text.find("Content-Length: ");
      const auto length =
          at < end ? std::strtoul(text.c_str() + at + 16, nullptr, 10) : 0;
      if (text.size() >= end + 4 + length)
        return true;
    }
    const auto got = read(from, piece.data(), piece.size());
    if (got <= 0)
      return false;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return false;
}

bool write_all(int to, const std::string& text) {
  return send(to, text.data(), text.size(), MSG_NOSIGNAL)
         == static_cast<ssize_t>(text.size());
}

std::string key_in(const std::string& request) {
  const auto at = request.find("Idempotency-Key: ");
  return at == std::string::npos
             ? std::string{}
             : request.substr(at + 17, request.find("\r\n", at) - at - 17);
}

/// Whoever asks may be killed at any moment: that is no fault here.
[[noreturn]] void serve(int listener, const std::string& file) {
  for (;;) {
    const int client = accept(listener, nullptr, nullptr);
    if (client < 0)
      continue;
    std::string request;
    if (read_message(client, request)) {
      const int to =
          open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
      const auto line = request.substr(request.find("\r\n\r\n") + 4) + ' '
                        + key_in(request) + '\n';
      if (write(to, line.data(), line.size())
          != static_cast<ssize_t>(line.size()))
        _exit(1);
      close(to);
      (void)write_all(client, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
    close(client);
  }
}

} // namespace

loopback_counter::loopback_counter(const std::string& file) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto at = loopback(0);
  socklen_t size = sizeof at;
  auto* address = reinterpret_cast<sockaddr*>(&at);
  if (listener < 0 || ::bind(listener, address, size) != 0
      || listen(listener, 128) != 0
      || getsockname(listener, address, &size) != 0)
    wrong("no server on loopback");
  port_ = ntohs(at.sin_port);
  child_ = fork();
  if (child_ < 0)
    wrong("no process");
  if (child_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    serve(listener, file);
  }
  close(listener);
}

loopback_counter::~loopback_counter() {
  kill(child_, SIGKILL);
  (void)waitpid(child_, nullptr, 0);
}

bool post_to(std::uint16_t port, const std::string& body,
             const std::string& key) {
  const int to = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto at = loopback(port);
  std::string answer;
  const bool done =
      to >= 0
      && connect(to, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0
      && write_all(to, "POST /count HTTP/1.1\r\nHost: loopback\r\n"
                       "Idempotency-Key: "
                           + key + "\r\nContent-Length: "
                           + std::to_string(body.size()) + "\r\n\r\n" + body)
      && read_message(to, answer);
  close(to);
  return done;
}

} // namespace troupe::benchmarks
