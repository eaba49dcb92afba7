#pragma once

#include <troupe/actors/agent.hpp>
#include <troupe/actors/budget_manager.hpp>
#include <troupe/actors/clock.hpp>
#include <troupe/actors/journal.hpp>
#include <troupe/actors/provider.hpp>
#include <troupe/actors/state_store.hpp>

#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace troupe {

/// What tests, the simulator and a cluster's node put in the place of the
/// world.
struct engine_options {
  using make_provider = std::function<actors::provider_actor(
      caf::actor_system&, const actors::wall_clock&)>;

  /// The system is driven (`actors::drive`): this seeds who takes turns when,
  /// and all ids. Null: threads, and ids by chance.
  std::optional<std::uint64_t> driven_by;
  protocol::instant start{}; ///< Of a driven system: the time it is.
  /// Who stands in for a provider of the configuration, by its name.
  std::map<std::string, make_provider> providers;
  /// Who is asked in the place of this node's ledger; empty: nobody is.
  std::function<actors::budget_actor(caf::actor_system&,
                                     const actors::budget_actor& ledger)>
      budget_front;
  /// Who keeps what agents do, in the place of this node's journal, which may
  /// be null; empty: nobody does.
  std::function<actors::journal_actor(caf::actor_system&,
                                      const actors::journal_actor& own)>
      journal_front;
  /// Who is asked for shared state in this node; may be called again. Empty: a
  /// store of its own.
  std::function<actors::state_store_actor(caf::actor_system&,
                                          const actors::state_limits&)>
      state_front;
  /// Who is shown to all in the place of an agent's life that begins, as it was
  /// in the place of the one before; empty, or null: the agent itself.
  std::function<actors::agent_actor(const protocol::agent_card&,
                                    const actors::agent_actor& own)>
      agent_front;
  /// The number of an agent's life that begins, not less than its supervisor's;
  /// empty: the supervisor's.
  std::function<std::uint64_t(const std::string& agent, std::uint64_t life)>
      agent_life;
  std::string vfs; ///< Of SQLite, for ledger and journal; empty: its own.
};

} // namespace troupe
