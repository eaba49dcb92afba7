#include "support/cluster/net_namespace.hpp"

#include "support/cluster/launch.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <exception>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>

namespace troupe::test {

namespace {

/// Only the thread that asks moves, so a thread of its own does.
descriptor make_namespace() {
  descriptor made;
  int problem = 0;
  std::thread{[&] {
    if (::unshare(CLONE_NEWNET) != 0)
      problem = errno;
    else
      made =
          descriptor{::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)};
  }}.join();
  if (made.get() < 0)
    throw std::system_error{problem, std::generic_category(), "unshare"};
  return made;
}

std::string read_to_end(int from) {
  std::string text;
  char piece[512];
  for (ssize_t got = 0; (got = ::read(from, piece, sizeof piece)) > 0;)
    if (text.size() < 4'096)
      text.append(piece, static_cast<std::size_t>(got));
  return text;
}

bool is_connected(int socket, std::chrono::milliseconds within) {
  pollfd ready{socket, POLLOUT, 0};
  int problem = 0;
  socklen_t size = sizeof problem;
  return ::poll(&ready, 1, static_cast<int>(within.count())) == 1
         && ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &problem, &size) == 0
         && problem == 0;
}

} // namespace

net_namespace::net_namespace() : held_{make_namespace()} {
  run({"ip", "link", "set", "lo", "up"});
}

std::string net_namespace::path() const {
  return "/proc/" + std::to_string(::getpid()) + "/fd/"
         + std::to_string(held_.get());
}

void net_namespace::run(const std::vector<std::string>& command) const {
  launch_plan plan;
  plan.command = command;
  plan.network = held_.get();
  const auto started = launch(plan);
  const auto said = read_to_end(started.output.get());
  int status = 0;
  if (::waitpid(started.pid, &status, 0) < 0 || status != 0) {
    std::string words;
    for (const auto& word : command)
      words += word + ' ';
    throw std::runtime_error{words + "failed: " + said};
  }
}

void net_namespace::inside(const std::function<void()>& work) const {
  std::exception_ptr thrown;
  std::thread{[&] {
    try {
      if (::setns(held_.get(), CLONE_NEWNET) != 0)
        throw std::system_error{errno, std::generic_category(), "setns"};
      work();
    } catch (...) {
      thrown = std::current_exception();
    }
  }}.join();
  if (thrown)
    std::rethrow_exception(thrown);
}

descriptor net_namespace::connect(const std::string& address, int port,
                                  std::chrono::milliseconds within) const {
  descriptor made;
  inside([&] {
    made = descriptor{
        ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  });
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  if (made.get() < 0
      || ::inet_pton(AF_INET, address.c_str(), &to.sin_addr) != 1)
    throw std::runtime_error{"no socket to " + address};
  const auto done =
      ::connect(made.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to);
  if (done != 0 && (errno != EINPROGRESS || !is_connected(made.get(), within)))
    return descriptor{};
  return made;
}

std::string why_no_networks() {
  if (::geteuid() != 0)
    return "networks of nodes need root";
  for (const auto* program : {"ip", "nft"})
    if (find_program(program).empty())
      return std::string{"there is no '"} + program + "'";
  try {
    const net_namespace tried;
    tried.run({"nft", "add", "table", "inet", "troupe"});
    tried.run({"ip", "link", "add", "hub", "type", "bridge"});
  } catch (const std::exception& problem) {
    return problem.what();
  }
  return {};
}

} // namespace troupe::test
