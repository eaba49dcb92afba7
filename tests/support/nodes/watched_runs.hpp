#pragma once

#include "support/nodes/effect_desk.hpp"
#include "support/nodes/real_nodes.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace troupe::test {

/// Runs with effects on real nodes, and their history as the world sees it: who
/// has asked for what and was told what (a client's report), what was done (the
/// desk), and which runs the journal has in the end. Judge it with
/// `check_history`.
class watched_runs {
public:
  using ms = std::chrono::milliseconds;

  /// `nodes` outlives it; `journal`: of all of them.
  watched_runs(real_nodes& nodes, std::string journal);

  /// From a client of its own at that node: so many tasks, an effect each.
  void begin(const std::string& run, const std::string& node,
             std::size_t tasks);
  /// How many effects the desk has seen of a run.
  [[nodiscard]] std::size_t done(const std::string& run) const;
  [[nodiscard]] bool wait_done(const std::string& run, std::size_t count,
                               ms within) const;
  /// Waits for the clients of all runs that were begun since, and takes down
  /// what each was told. False: somebody was told nothing in time.
  [[nodiscard]] bool end_all(ms within);
  /// Reads the journal until all runs in it have ended, and takes down which
  /// are there. False: some go on.
  [[nodiscard]] bool read_journal(ms within);

  [[nodiscard]] history seen() const { return seen_.taken(); }

private:
  struct asked {
    std::string client;
    std::string node;
    std::size_t write = 0;            ///< Of the run itself.
    std::vector<std::size_t> effects; // bounded by its tasks
  };

  void take_report(const std::string& run, const asked& it);

  real_nodes& nodes_;
  std::string journal_;
  std::chrono::steady_clock::time_point began_ =
      std::chrono::steady_clock::now();
  history_recorder seen_;
  effect_desk desk_;
  std::map<std::string, asked> open_;  // runs; bounded by the test
  std::map<std::string, asked> ended_; // the same
};

} // namespace troupe::test
