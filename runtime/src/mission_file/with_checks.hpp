#pragma once

#include "mission_file/draft.hpp"
#include "yaml/document.hpp"

namespace troupe::mission_file {

/// Looks for placeholders in the prompt and in the texts of `with` that are not
/// known, or that need a `repeat` or a `foreach` which the task does not have.
void check_placeholders(const task_draft& task, const yaml::node& at,
                        yaml::problems& found);

/// Looks for references in the texts of `with` to what has not come before.
/// `draft` needs its inputs only.
void check_with_texts(const task_draft& task, const mission_draft& draft,
                      const yaml::node& at, yaml::problems& found);

} // namespace troupe::mission_file
