#pragma once

#include "engine/agent_books.hpp"
#include "engine/role_handles.hpp"
#include "troupe/runtime/health_config.hpp"

#include <troupe/actors/health_desk.hpp>
#include <troupe/actors/journal.hpp>
#include <troupe/protocol/health.hpp>

#include <functional>
#include <map>
#include <string>

/// What minds the health of a runtime's agents and parts.
namespace troupe {

/// Null: it is not enabled.
[[nodiscard]] std::shared_ptr<actors::health_book>
make_health_book(const health_config& from);

/// How many of these agents have each of the skills of one of them.
[[nodiscard]] std::vector<actors::skill_count>
count_skills(const std::map<std::string, protocol::agent_card>& cards,
             const std::string& agent);

/// The desk behind the book. What it holds references to outlives it.
[[nodiscard]] actors::child_spec
health_child(const std::shared_ptr<actors::health_book>& book,
             role_handles& handles, const actors::journal_actor& journal,
             const actors::wall_clock& clock, actors::skill_counter skills,
             std::function<protocol::header()> new_header);

/// Asks all parts of a tree at once how they are. Blocking: up to 2 s.
[[nodiscard]] protocol::health_report
health_of(caf::actor_system& system, const actors::supervisor_actor& root,
          const actors::journal_actor& journal);

} // namespace troupe
