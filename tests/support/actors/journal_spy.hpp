#pragma once

#include "support/actors/job.hpp"
#include "support/virtual_time.hpp"
#include "troupe/actors/journal.hpp"

namespace troupe::test {

/// A journal that keeps entries in memory, at once or when it is told to.
struct journal_spy {
  std::vector<protocol::journal_entry> kept;
  std::optional<protocol::error> failure; ///< Nothing more is kept.
  bool holds = false;
  std::vector<actors::begin_effect> begun;
  std::vector<actors::end_effect> ended;
  std::optional<protocol::tool_result> done; ///< Of each effect.
  std::optional<protocol::error> unknown;
  std::vector<std::pair<actors::keep_entries,
                        caf::typed_response_promise<actors::entries_kept>>>
      held;

  void end(const actors::keep_entries& ask,
           caf::typed_response_promise<actors::entries_kept>& promise) {
    if (failure) {
      promise.deliver(actors::to_caf(*failure));
      return;
    }
    const auto& entries = ask.what.entries;
    kept.insert(kept.end(), entries.begin(), entries.end());
    promise.deliver(actors::entries_kept{entries.back().sequence});
  }

  /// Keeps what it has held back, as soon as the actor runs.
  void release() {
    run_inside(self, [this] {
      holds = false;
      for (auto& [ask, promise] : std::exchange(held, {}))
        end(ask, promise);
    });
  }

  caf::actor_addr self;
};

inline actors::journal_actor spawn_spy(virtual_time& world,
                                       std::shared_ptr<journal_spy> notes) {
  using spied = actors::journal_actor::extend<caf::reacts_to<job>>;
  return world.keep(world.system().spawn(
      [notes](spied::pointer self) -> spied::behavior_type {
        notes->self = self->address();
        return {
            [notes, self](const actors::keep_entries& ask) {
              auto promise =
                  self->make_response_promise<actors::entries_kept>();
              if (notes->holds)
                notes->held.emplace_back(ask, promise);
              else
                notes->end(ask, promise);
              return promise;
            },
            [notes](const actors::read_run&) {
              return actors::run_read{notes->kept};
            },
            [](const actors::list_runs&) { return actors::runs_listed{}; },
            [notes](const actors::begin_effect& ask)
                -> caf::result<actors::effect_begun> {
              notes->begun.push_back(ask);
              if (notes->unknown)
                return actors::to_caf(*notes->unknown);
              return actors::effect_begun{
                  "key" + std::to_string(notes->begun.size()), notes->done};
            },
            [notes](const actors::end_effect& ask) {
              notes->ended.push_back(ask);
              return actors::effect_ended{};
            },
            [](actors::write_waiting) {},
            [](actors::end_of_journal) {},
            [](const job& it) { it.code(); },
        };
      }));
}

} // namespace troupe::test
