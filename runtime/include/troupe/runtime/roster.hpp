#pragma once

#include "troupe/protocol/catalogue.hpp"
#include "troupe/protocol/field_problem.hpp"
#include "troupe/protocol/mission.hpp"
#include "troupe/runtime/problem.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace troupe {

/// How many agents a roster has at each tier.
struct roster_summary {
  std::size_t basic = 0;
  std::size_t advanced = 0;
  std::size_t expert = 0;

  [[nodiscard]] std::size_t total() const { return basic + advanced + expert; }
  bool operator==(const roster_summary&) const = default;
};

/// Counts agents by tier.
[[nodiscard]] roster_summary
summarize(std::span<const protocol::agent_spec> agents) noexcept;

/// Tells everything that is wrong with a set of agents: duplicate names, no
/// skills, no or too short instructions, the same instructions twice, a bad
/// name, a model that is not in `models` (with the nearest), a model whose tier
/// is below the agent's. Empty `models`: models are not checked. Pointers are
/// `/2/card/name`.
/// Pure. Thread safety: any thread.
[[nodiscard]] std::vector<protocol::field_problem>
verify_roster(std::span<const protocol::agent_spec> agents,
              std::span<const protocol::model_spec> models = {});

/// What reading a roster gave: right only when `problems` is empty.
struct loaded_roster {
  std::vector<protocol::agent_spec> agents;
  std::vector<problem> problems;
};

/// Reads agents from a YAML file (one agent, a list, or `agents:` with a list)
/// or from every `*.yaml`, `*.yml` and `*.json` of a folder, by rising name,
/// not below it; at most 1,000 files of 4 MiB. Every agent must state its
/// `tier`. All problems at once, those of `verify_roster` included.
/// Blocking: as long as the disk takes. Thread safety: any thread.
[[nodiscard]] loaded_roster
load_roster(const std::filesystem::path& file_or_folder,
            std::span<const protocol::model_spec> models = {});

} // namespace troupe
