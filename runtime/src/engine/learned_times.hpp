#pragma once

#include <troupe/actors/journal.hpp>
#include <troupe/actors/task_times.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace troupe {

/// What a runtime has learned of the time that tasks take, mission by mission;
/// a journal keeps it. Thread safety: any thread.
class learned_times {
public:
  /// So many missions are known at one time; the one that was used longest ago
  /// gives way.
  static constexpr std::size_t missions_max = 256;

  /// Replaces the times of `estimates` where others are known; the journal is
  /// asked once a mission. Errors: the journal's. Blocking.
  [[nodiscard]] protocol::result<void>
  apply(caf::actor_system& system, const actors::journal_actor& journal,
        const protocol::mission& mission,
        std::vector<protocol::task_estimate>& estimates);

  /// Takes in a run that has ended, and has the journal keep what has changed;
  /// null: there is none.
  void learn(const protocol::run_report& report,
             const actors::journal_actor& journal);

private:
  struct of_mission {
    actors::task_times times;
    std::uint64_t used = 0;
  };
  of_mission& find_or_make(const std::string& mission);

  bool knows(const std::string& mission);

  std::mutex mutex_;                        ///< Guards what follows.
  std::map<std::string, of_mission> known_; // bounded by missions_max
  std::uint64_t uses_ = 0;
};

} // namespace troupe
