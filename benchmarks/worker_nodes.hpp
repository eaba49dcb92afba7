#pragma once

#include "cross_node_side.hpp"

#include <troupe/cluster/node.hpp>

#include <memory>
#include <string>
#include <vector>

namespace troupe::benchmarks {

/// The program of a node whose agent `worker` takes 20 ms a task; of a name
/// that begins with `crowd`: with so many agents that hear announcements beside
/// it; with `cruncher`: it computes, on one core of its own.
int serve_worker(const std::string& name);
inline constexpr std::size_t crowd = 333;

/// What a task of `cruncher` takes on a core that does nothing else.
[[nodiscard]] double seconds_to_compute();

/// How long until 1,000 agents on three nodes have been told something, in
/// microseconds, so many times.
[[nodiscard]] std::vector<double> tell_crowd(std::size_t rounds);

/// A node of this process, which begins runs, and so many others that have the
/// agent.
class worker_nodes {
public:
  /// `kind`: of their names.
  explicit worker_nodes(std::size_t count, std::string kind = "worker");

  [[nodiscard]] protocol::run_report run(std::size_t tasks);
  [[nodiscard]] mission_run start(std::size_t tasks);

  void kill(std::size_t which) { others_[which].reset(); }
  /// Starts it again and waits until it is up.
  void restart(std::size_t which);
  [[nodiscard]] bool is_up(std::size_t which);

private:
  void begin(std::size_t which);
  [[nodiscard]] std::string name_of(std::size_t which) const {
    return kind_ + "-" + std::to_string(which);
  }

  std::string kind_;
  std::unique_ptr<cluster::node> home_;
  std::vector<std::unique_ptr<other_side>> others_;
};

} // namespace troupe::benchmarks
