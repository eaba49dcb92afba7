#pragma once

#include "support/cluster/testbed.hpp"
#include "support/scratch_folder.hpp"

#include <map>
#include <string>
#include <vector>

namespace troupe::test {

/// Nodes that are `trouped`, each on a machine of a testbed, with certificates
/// and a process that hosts an agent `pilot`: what it is told to do it does as
/// an effect, by a line in a file. Throws where something does not begin.
class real_nodes {
public:
  using ms = std::chrono::milliseconds;

  /// `journal`: a URL that all of them share; empty: they keep no runs.
  real_nodes(const std::vector<std::string>& names, std::string journal);

  void start(const std::string& node);
  void kill9(const std::string& node) { bed.kill9(node); }

  /// Waits until each of `nodes` sees all others as up and has their agents.
  [[nodiscard]] bool are_joined(const std::vector<std::string>& nodes,
                                ms within);

  /// Begins a run with so many tasks, each an effect in a file of its own, on
  /// that node, from a client of its own; `run` names the files.
  void begin_run(const std::string& run, const std::string& node,
                 std::size_t tasks);
  /// Its client's exit code; nothing: it did not end in time.
  [[nodiscard]] std::optional<int> end_run(const std::string& run, ms within);

  /// Effects that were done at least once, and those that were done again.
  struct effects {
    std::size_t done = 0;
    std::size_t repeated = 0;
  };
  [[nodiscard]] effects seen(const std::string& run) const;
  [[nodiscard]] bool wait_effects(const std::string& run, std::size_t count,
                                  ms within) const;

  testbed bed;

private:
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_.path() / name).string();
  }

  scratch_folder folder_{"troupe-real-nodes"};
  std::string journal_;
  std::vector<std::string> names_;
};

} // namespace troupe::test
