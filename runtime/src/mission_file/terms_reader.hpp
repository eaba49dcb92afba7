#pragma once

#include "troupe/protocol/model_terms.hpp"
#include "yaml/mapping.hpp"

namespace troupe::mission_file {

/// Reads what stands under `models` of a mission or a task. Absent: `terms`
/// stays and the answer is false.
bool read_terms(yaml::mapping& around, protocol::model_terms& terms);

} // namespace troupe::mission_file
