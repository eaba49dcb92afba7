#pragma once

#include "troupe/protocol/agent.hpp"
#include "troupe/protocol/catalogue.hpp"
#include "troupe/protocol/mission.hpp"
#include "troupe/runtime/problem.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// How a mission file is read.
struct mission_options {
  /// Files that take the place of what the mission names as inputs: input name
  /// to path, relative to the working directory. The empty name stands for the
  /// mission's first input. A split of that input still applies.
  std::map<std::string, std::string> inputs;
  /// Agents that exist beside those of the mission and its roster.
  std::vector<protocol::agent_card> known_agents;
  /// The catalogue, to check models that agents and tasks pin. Empty:
  /// unchecked.
  std::vector<protocol::model_spec> models;
  std::size_t file_bytes_max = 4U << 20U;   ///< Of a mission or roster file.
  std::size_t input_bytes_max = 16U << 20U; ///< Of one input file.
};

/// What reading a mission gave: a mission that can be run, or problems.
struct loaded_mission {
  std::optional<protocol::mission> mission; ///< Only without problems.
  std::vector<problem> problems;            ///< All at once; at most about 200.
};

/// Reads a mission (YAML or JSON) with its roster and inputs, checks it, and
/// makes one task of each part of a `foreach`. The form is in
/// `docs/mission.md`. Paths in the file are relative to its folder.
/// Blocking: as long as the disk takes. Thread safety: any thread.
[[nodiscard]] loaded_mission load_mission(const std::filesystem::path& path,
                                          const mission_options& options = {});

/// As `load_mission`, from text that came from elsewhere: no file is read, and
/// `file`, `files` and `roster` are problems. `name` stands in the problems.
[[nodiscard]] loaded_mission parse_mission(std::string_view text,
                                           const std::string& name,
                                           const mission_options& options = {});

/// The JSON Schema (draft 2020-12) of mission files, for editors. Reading
/// checks more: names, references, cycles.
[[nodiscard]] std::string_view mission_schema() noexcept;

} // namespace troupe
