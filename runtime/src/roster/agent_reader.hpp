#pragma once

#include "troupe/protocol/catalogue.hpp"
#include "troupe/protocol/field_problem.hpp"
#include "troupe/protocol/mission.hpp"
#include "yaml/document.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::roster {

/// An agent and the place that declared it.
struct agent_draft {
  protocol::agent_spec spec;
  std::string file;
  yaml::node at;
};

enum class tier_rule : std::uint8_t { optional, required };

/// Reads the fields of one agent.
[[nodiscard]] agent_draft read_agent(const yaml::node& at, tier_rule rule,
                                     yaml::problems& found);

/// Reads a file or a folder of agents. Problems name the file they are in.
[[nodiscard]] std::vector<agent_draft>
read_agents(const std::filesystem::path& file_or_folder,
            const std::string& shown_path, yaml::problems& found);

/// The problem of a field, at its line: `pointer` starts at the agent, as in
/// `/card/name`.
[[nodiscard]] problem locate(const agent_draft& draft, std::string_view pointer,
                             std::string message);

/// The specs alone.
[[nodiscard]] std::vector<protocol::agent_spec>
specs_of(const std::vector<agent_draft>& drafts);

/// `verify_roster`, each problem at its line.
void verify(const std::vector<agent_draft>& drafts,
            std::span<const protocol::model_spec> models,
            yaml::problems& found);

} // namespace troupe::roster
