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

  /// What one of them has of its own.
  struct place {
    std::string journal{};          ///< Instead of the one that all share.
    std::vector<std::string> env{}; ///< `NAME=value`; its agents see it, too.
    int mounts = -1;                ///< Of a `tiny_disk`.
    std::string node_lines{};       ///< More for its node's file.
  };

  /// `journal`: a URL that all of them share; empty: they keep no runs.
  real_nodes(const std::vector<std::string>& names, std::string journal,
             std::map<std::string, place> places = {});

  void start(const std::string& node);
  void kill9(const std::string& node) { bed.kill9(node); }

  /// Waits until each of `nodes` sees all others as up and has their agents.
  [[nodiscard]] bool are_joined(const std::vector<std::string>& nodes,
                                ms within);

  /// Begins a run with so many tasks, each an effect in a file of its own, on
  /// that node, from a client of its own; `run` names the files. `how`: `run`,
  /// or `submit` for the queue, whose client ends at once.
  void begin_run(const std::string& run, const std::string& node,
                 std::size_t tasks, const std::string& how = "run");
  /// The same with tasks of these prompts. `client` names its machine;
  /// its report, when it has one, is in `report_of(run)`.
  void begin_run(const std::string& run, const std::string& node,
                 const std::vector<std::string>& prompts,
                 const std::string& client, const std::string& how = "run");
  [[nodiscard]] std::string report_of(const std::string& run) const {
    return path("report-" + run + ".json");
  }
  /// Of a run whose report is there; empty: it is not.
  [[nodiscard]] std::string id_of(const std::string& run) const;
  /// The command, on a machine of its own that has this node's mounts; its
  /// exit code. Nothing: it did not end in time.
  [[nodiscard]] std::optional<int>
  command(const std::string& node, const std::vector<std::string>& words);

  /// The first line of JSON that a client of that node is told.
  [[nodiscard]] std::string told_by(const std::string& node,
                                    const std::vector<std::string>& words,
                                    ms within);

  /// What the command prints, outside of all networks; it must be quick.
  [[nodiscard]] std::string printed(const std::vector<std::string>& words);

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

  /// Of a file that all machines see.
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_.path() / name).string();
  }
  [[nodiscard]] std::string host_file(const std::string& node) const {
    return path("host-" + node + ".yaml");
  }

  testbed bed;

private:
  void write_files(const std::string& node);

  scratch_folder folder_{"troupe-real-nodes"};
  std::string journal_;
  std::vector<std::string> names_;
  std::map<std::string, place> places_;        // bounded by names_
  std::map<std::string, std::string> clients_; // by run; as many as a test has
};

} // namespace troupe::test
