#include "engine/learned_times.hpp"

#include "engine/ask_actor.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace troupe {

using protocol::result;

bool learned_times::knows(const std::string& mission) {
  const std::lock_guard lock{mutex_};
  return known_.contains(mission);
}

learned_times::of_mission&
learned_times::find_or_make(const std::string& mission) {
  auto found = known_.find(mission);
  if (found == known_.end()) {
    if (known_.size() >= missions_max)
      known_.erase(std::min_element(known_.begin(), known_.end(),
                                    [](const auto& a, const auto& b) {
                                      return a.second.used < b.second.used;
                                    }));
    found = known_.emplace(mission, of_mission{}).first;
  }
  found->second.used = ++uses_;
  return found->second;
}

result<void>
learned_times::apply(caf::actor_system& system,
                     const actors::journal_actor& journal,
                     const protocol::mission& mission,
                     std::vector<protocol::task_estimate>& estimates) {
  actors::task_times kept;
  const bool is_new = journal && !knows(mission.name);
  if (is_new) {
    const auto read =
        ask_for<actors::times_read>(system, journal, "the journal is gone",
                                    actors::read_times{mission.name});
    if (!read)
      return read.error();
    kept = actors::task_times{read->times};
  }
  const std::lock_guard lock{mutex_};
  auto& times = find_or_make(mission.name).times;
  if (is_new && times.empty())
    times = std::move(kept);
  times.apply(mission.tasks, estimates);
  return {};
}

void learned_times::learn(const protocol::run_report& report,
                          const actors::journal_actor& journal) {
  std::vector<actors::task_time> changed;
  {
    const std::lock_guard lock{mutex_};
    auto& times = find_or_make(report.mission).times;
    if (times.learn(report) && journal)
      changed = times.all();
  }
  if (!changed.empty())
    caf::anon_send(journal,
                   actors::keep_times{report.mission, std::move(changed)});
}

} // namespace troupe
