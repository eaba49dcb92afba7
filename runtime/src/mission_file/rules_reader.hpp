#pragma once

#include "mission_file/draft.hpp"
#include "yaml/mapping.hpp"

namespace troupe::mission_file {

/// Reads what a task says of when it runs, what its answer must pass and what
/// follows when it does not: `when`, `output`, `gate`, `retry`, `agreement`,
/// `approve`, `repeat`, `may_fail`, `always_run` and `kind`.
void read_rules(yaml::mapping& task, task_draft& draft);

/// Reads `mission` and `with`: a task that stands for a whole mission.
void read_sub_mission(yaml::mapping& task, task_draft& draft);

/// Reads `foreach`: the name of an input, or a list that a task gives.
void read_foreach(yaml::mapping& task, task_draft& draft);

/// Reads `caps` of a mission.
void read_caps(yaml::mapping& mission, std::vector<protocol::cap_spec>& caps);

} // namespace troupe::mission_file
