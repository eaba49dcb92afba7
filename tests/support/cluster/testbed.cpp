#include "support/cluster/testbed.hpp"

#include "support/cluster/launch.hpp"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <utility>

namespace troupe::test {

namespace {

constexpr std::size_t nodes_max = 64;

std::string hex(std::size_t number) {
  std::ostringstream text;
  text << std::hex << number;
  return text.str();
}

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

/// A network, and the process in it when there is one.
struct testbed::place {
  net_namespace network;
  std::string address;
  pid_t pid = -1;
  descriptor watch; ///< Readable when the process has ended.
  std::unique_ptr<line_log> log;
  std::mutex mutex;
  std::map<std::string, int> lost_percent; // bounded by nodes_max
  bool is_dark = false;
  int mounts = -1;

  const net_namespace& hub;
  const std::size_t number;

  place(const net_namespace& at, std::string own_address, std::size_t at_port)
      : address{std::move(own_address)}, hub{at}, number{at_port} {
    attach();
  }
  place(const place&) = delete;
  place& operator=(const place&) = delete;

  [[nodiscard]] std::string port() const {
    return "node" + std::to_string(number);
  }

  /// To the bridge. The hardware's address stays when the network is made anew:
  /// others remember it.
  void attach() {
    const auto last = (number < 16 ? "0" : "") + hex(number);
    hub.run({"ip", "link", "add", port(), "type", "veth", "peer", "name",
             "eth0", "address", "02:00:00:00:00:" + last, "netns",
             network.path()});
    hub.run({"ip", "link", "set", port(), "master", "hub", "up"});
    network.run({"ip", "address", "add", address + "/24", "dev", "eth0"});
    network.run({"ip", "link", "set", "eth0", "up"});
    network.run({"nft", "add table inet troupe; add chain inet troupe in "
                        "{ type filter hook prerouting priority -300; }"});
  }

  /// What is dropped of packets from others, by address.
  void lose_from(const std::string& source, int percent) {
    const std::lock_guard lock{mutex};
    if (percent != 0)
      lost_percent[source] = percent;
    else if (lost_percent.erase(source) == 0)
      return;
    apply_losses();
  }

  void apply_losses() {
    if (is_dark)
      return;
    std::string rules = "flush chain inet troupe in";
    for (const auto& [from, of_hundred] : lost_percent)
      rules += "; add rule inet troupe in ip saddr " + from
               + (of_hundred == 100 ? ""
                                    : " numgen random mod 100 < "
                                          + std::to_string(of_hundred))
               + " drop";
    network.run({"nft", rules}); // all at once
  }

  /// The link goes first, so that the kernel cannot tell of the end; what it
  /// still would send ends with the network that it would send it in.
  void power_off() {
    const std::lock_guard lock{mutex};
    hub.run({"ip", "link", "delete", port()});
    kill();
    network = net_namespace{};
    is_dark = true;
  }

  void power_on() {
    const std::lock_guard lock{mutex};
    if (!std::exchange(is_dark, false))
      return;
    attach();
    apply_losses();
  }

  void signal(int which) const {
    if (pid > 0)
      ::kill(-pid, which);
  }

  /// Its status, when it ends in time.
  std::optional<int> wait_end(ms within) {
    if (pid < 0)
      return std::nullopt;
    pollfd ended{watch.get(), POLLIN, 0};
    if (::poll(&ended, 1, static_cast<int>(within.count())) != 1)
      return std::nullopt;
    int status = 0;
    if (::waitpid(pid, &status, 0) != pid)
      throw std::system_error{errno, std::generic_category(), "waitpid"};
    pid = -1;
    return exit_code_of(status);
  }

  /// With all that it has started and that stayed in its group.
  void kill() {
    signal(SIGKILL);
    static_cast<void>(wait_end(ms{30'000}));
  }

  ~place() { kill(); }
};

testbed::testbed() {
  hub_.run(
      {"ip", "link", "add", "hub", "type", "bridge", "forward_delay", "0"});
  hub_.run({"ip", "link", "set", "hub", "up"});
}

testbed::~testbed() = default;

testbed::place& testbed::at(const std::string& name) {
  const std::lock_guard lock{mutex_};
  auto& slot = nodes_[name];
  if (!slot) {
    const auto number = nodes_.size();
    if (number > nodes_max)
      throw std::runtime_error{"too many nodes"};
    slot = std::make_unique<place>(hub_, "10.77.0." + std::to_string(number),
                                   number);
  }
  return *slot;
}

testbed::place& testbed::running(const std::string& name) {
  auto& it = at(name);
  if (it.pid < 0)
    throw std::runtime_error{"node '" + name + "' does not run"};
  return it;
}

std::string testbed::address(const std::string& node) {
  return at(node).address;
}

void testbed::start(const std::string& node,
                    const std::vector<std::string>& command,
                    const std::vector<std::string>& env) {
  auto& it = at(node);
  static_cast<void>(it.wait_end(ms{0}));
  if (it.pid > 0)
    throw std::runtime_error{"node '" + node + "' runs already"};
  it.power_on();
  auto started = launch({command, env, it.network.get(), it.mounts});
  it.pid = started.pid;
  it.watch =
      descriptor{static_cast<int>(::syscall(SYS_pidfd_open, started.pid, 0))};
  it.log = std::make_unique<line_log>(std::move(started.output));
}

void testbed::mount(const std::string& node, int mounts) {
  at(node).mounts = mounts;
}

void testbed::kill9(const std::string& node) {
  running(node).kill();
}

void testbed::power_off(const std::string& node) {
  running(node).power_off();
}

void testbed::pause(const std::string& node) {
  auto& it = running(node);
  it.signal(SIGSTOP);
  siginfo_t stopped{};
  // It comes to rest, or has ended: either way this returns.
  ::waitid(P_PID, static_cast<id_t>(it.pid), &stopped,
           WSTOPPED | WEXITED | WNOWAIT);
}

void testbed::resume(const std::string& node) {
  running(node).signal(SIGCONT);
}

std::optional<int> testbed::stop(const std::string& node, ms within) {
  auto& it = running(node);
  it.signal(SIGTERM);
  return it.wait_end(within);
}

std::optional<int> testbed::wait_end(const std::string& node, ms within) {
  return running(node).wait_end(within);
}

pid_t testbed::pid(const std::string& node) {
  return running(node).pid;
}

std::optional<std::string>
testbed::wait_line(const std::string& node, std::string_view text, ms within) {
  auto& it = at(node);
  return it.log ? it.log->wait(text, within) : std::nullopt;
}

std::string testbed::output() const {
  std::string text;
  for (const auto& [name, it] : nodes_)
    if (it->log)
      text += "--- " + name + '\n' + it->log->tail() + '\n';
  return text;
}

void testbed::lose(const std::string& from, const std::string& to,
                   int percent) {
  if (percent < 0 || percent > 100)
    throw std::runtime_error{"percent: 0 to 100"};
  const auto source = address(from);
  at(to).lose_from(source, percent);
}

void testbed::cut_one_way(const std::string& from, const std::string& to) {
  lose(from, to, 100);
}

void testbed::cut(const std::string& a, const std::string& b) {
  lose(a, b, 100);
  lose(b, a, 100);
}

void testbed::isolate(const std::string& node) {
  static_cast<void>(at(node));
  for (const auto& [name, it] : nodes_)
    if (name != node)
      cut(node, name);
}

void testbed::heal(const std::string& a, const std::string& b) {
  lose(a, b, 0);
  lose(b, a, 0);
}

void testbed::heal_all() {
  for (const auto& [a, one] : nodes_)
    for (const auto& [b, other] : nodes_)
      if (a != b)
        lose(a, b, 0);
}

std::unique_ptr<flapping> testbed::flap(const std::string& a,
                                        const std::string& b, ms cut_for,
                                        ms healed_for) {
  static_cast<void>(at(a)); // both have their places before the thread begins
  static_cast<void>(at(b));
  return std::make_unique<flapping>(*this, a, b, cut_for, healed_for);
}

void testbed::inside(const std::string& node,
                     const std::function<void()>& work) {
  at(node).network.inside(work);
}

descriptor testbed::connect(const std::string& from, const std::string& to,
                            int port, ms within) {
  const auto address_there = address(to);
  return at(from).network.connect(address_there, port, within);
}

} // namespace troupe::test
