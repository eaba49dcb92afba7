#pragma once

#include "mission_file/draft.hpp"
#include "troupe/runtime/mission_file.hpp"
#include "yaml/mapping.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace troupe::mission_file {

/// Where a mission stands and what may be read from there.
struct read_context {
  std::filesystem::path folder;
  bool files_allowed = true;
  const mission_options& options;
  yaml::problems& found;
};

/// Reads the mapping `inputs`: each a file, files or a text, split or whole.
/// Overrides of the options come first; one that names no input is a problem.
/// At most 100 inputs of 1,000 files, 128 MiB together.
[[nodiscard]] std::vector<input_draft> read_inputs(yaml::mapping& fields,
                                                   const read_context& where);

} // namespace troupe::mission_file
