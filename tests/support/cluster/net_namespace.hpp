#pragma once

#include "support/cluster/descriptor.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace troupe::test {

/// A network of its own, with a loopback that is up. It has no name: it lives
/// as long as a process of it or this object, so that nothing is left of it
/// when the test is killed. Needs root. Throws when the kernel refuses.
class net_namespace {
public:
  net_namespace();

  /// Runs a program in it to its end. Throws with what it has printed when it
  /// fails. Blocking: as long as it takes.
  void run(const std::vector<std::string>& command) const;

  /// Calls it on a thread that is inside, and whose threads will be: sockets
  /// that are made there stay there. What it throws comes out here. Blocking:
  /// as long as it takes.
  void inside(const std::function<void()>& work) const;

  /// As others may open it, also children of this process.
  [[nodiscard]] std::string path() const;
  [[nodiscard]] int get() const noexcept { return held_.get(); }

  /// A TCP connection from inside; none when nobody answers in time or the
  /// other refuses. It blocks no reads: see `talk`.
  [[nodiscard]] descriptor connect(const std::string& address, int port,
                                   std::chrono::milliseconds within) const;

private:
  descriptor held_;
};

/// Why this machine cannot make such networks; empty when it can.
[[nodiscard]] std::string why_no_networks();

} // namespace troupe::test
