#pragma once

#include "mission_file/input_reader.hpp"

#include <functional>

namespace troupe::mission_file {

/// Looks for problems in a mission that another one stands for.
using draft_check = std::function<void(
    const mission_draft& draft, const yaml::node& root, const read_context&)>;

/// Puts the tasks of other missions in place of the tasks that name them: the
/// task `check` of the mission behind `review` becomes `review/check`, its
/// input `text` becomes `review/text`, and `review` gives what its last task
/// gives. Missions may stand in missions, 8 deep. Problems of a file name it.
/// `draft` must be free of problems.
void inline_missions(mission_draft& draft, const yaml::node& root,
                     const read_context& where, const draft_check& check);

} // namespace troupe::mission_file
