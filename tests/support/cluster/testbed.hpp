#pragma once

#include "support/cluster/line_log.hpp"
#include "support/cluster/net_namespace.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace troupe::test {

class flapping;

/// A cluster on one machine: each node is a process in a network namespace of
/// its own, all on one bridge that leads nowhere else. Nothing has a name
/// outside, so tests run beside each other, and nothing is left of it when a
/// test fails, or is killed. Nodes are named by the test; a node that was never
/// heard of gets its place with its first mention. Whatever cannot be done
/// throws. Needs root, `ip` and `nft`: see `why_no_networks`. Thread safety:
/// cuts and heals, any thread; all else, one thread.
class testbed {
public:
  using ms = std::chrono::milliseconds;

  testbed();
  ~testbed();
  testbed(const testbed&) = delete;
  testbed& operator=(const testbed&) = delete;

  /// IPv4, the same for the life of the testbed.
  [[nodiscard]] std::string address(const std::string& node);

  /// Starts the node's process; one at a time, again after it has ended.
  void start(const std::string& node, const std::vector<std::string>& command,
             const std::vector<std::string>& env = {});

  /// What is started on the node from now on sees the mounts of a `tiny_disk`,
  /// which has to outlive it; -1: those that we see.
  void mount(const std::string& node, int mounts);

  /// The process is gone when this returns. The machine lives: its kernel tells
  /// the peers, and still sends what the process had written.
  void kill9(const std::string& node);
  /// The machine is gone, too: nobody is told, and what it had not sent is
  /// lost. It has its address and its cuts again when it is started.
  void power_off(const std::string& node);
  /// All its threads stand still when this returns.
  void pause(const std::string& node);
  void resume(const std::string& node);
  /// Asks it to end. Its exit code, or 128 + the signal; none: it did not.
  [[nodiscard]] std::optional<int> stop(const std::string& node, ms within);
  [[nodiscard]] std::optional<int> wait_end(const std::string& node, ms within);
  [[nodiscard]] pid_t pid(const std::string& node);

  /// See `line_log::wait`.
  [[nodiscard]] std::optional<std::string>
  wait_line(const std::string& node, std::string_view text, ms within);
  /// The last lines of all nodes, for a test that fails.
  [[nodiscard]] std::string output() const;

  /// Packets from the one to the other are lost from now on, also those of open
  /// connections; nobody is told.
  void cut_one_way(const std::string& from, const std::string& to);
  void cut(const std::string& a, const std::string& b);
  /// From all that were mentioned so far, both ways.
  void isolate(const std::string& node);
  /// Of each hundred packets so many are lost; 0 ends it.
  void lose(const std::string& from, const std::string& to, int percent);
  void heal(const std::string& a, const std::string& b);
  void heal_all();
  [[nodiscard]] std::unique_ptr<flapping>
  flap(const std::string& a, const std::string& b, ms cut_for, ms healed_for);

  /// Calls it as if this program ran on that node, as a client does whose own
  /// threads open sockets; see `net_namespace`.
  void inside(const std::string& node, const std::function<void()>& work);

  /// A connection as the node itself would make it; see `net_namespace`.
  [[nodiscard]] descriptor connect(const std::string& from,
                                   const std::string& to, int port, ms within);

private:
  struct place;
  place& at(const std::string& name);
  place& running(const std::string& name);

  net_namespace hub_;
  std::mutex mutex_; ///< Of the table of nodes, while one is added.
  std::map<std::string, std::unique_ptr<place>, std::less<>> nodes_;
};

/// Cuts and heals by turns, on a thread of its own, until it is destroyed; the
/// nodes are then healed.
class flapping {
public:
  flapping(testbed& on, std::string a, std::string b, testbed::ms cut_for,
           testbed::ms healed_for);
  ~flapping();
  flapping(const flapping&) = delete;
  flapping& operator=(const flapping&) = delete;

private:
  void turn(testbed& on, const std::string& a, const std::string& b,
            testbed::ms cut_for, testbed::ms healed_for);

  std::mutex mutex_;
  std::condition_variable ends_;
  bool has_ended_ = false;
  std::thread thread_;
};

} // namespace troupe::test
