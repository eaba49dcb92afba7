#pragma once

#include "mission_file/draft.hpp"

namespace troupe::mission_file {

/// Adds to `to` what all copies of a mission have in common: its inputs that
/// are not given, each below the task's name, its agents and its caps.
void add_common(const task_draft& task, const mission_draft& inner,
                mission_draft& to);

/// Puts the tasks of `inner` in place of `task`: `check` becomes
/// `review/check`, an input that is given a join, and `review` gives the
/// result. Its inputs stand below `loop`, the name of the task that `task` is a
/// round, an item or a part of; else the task's own.
void put_in_place(const task_draft& task, const std::string& loop,
                  const mission_draft& inner, mission_draft& to);

} // namespace troupe::mission_file
