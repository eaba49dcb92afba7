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
  std::vector<actors::keep_call> calls;
  std::vector<actors::read_calls> read;
  std::vector<actors::kept_call> past; ///< Of whoever goes on.
  std::optional<protocol::error> lost; ///< Why no call is kept or read.
  std::vector<caf::typed_response_promise<actors::call_kept>> held_calls;
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

  void keep(const actors::keep_call& ask,
            caf::typed_response_promise<actors::call_kept>& promise) {
    calls.push_back(ask);
    if (lost)
      promise.deliver(actors::to_caf(*lost));
    else if (holds)
      held_calls.push_back(promise);
    else
      promise.deliver(actors::call_kept{});
  }

  caf::result<actors::calls_read> tell(const actors::read_calls& ask) {
    read.push_back(ask);
    if (lost)
      return actors::to_caf(*lost);
    return actors::calls_read{past};
  }

  /// Keeps what it has held back, as soon as the actor runs.
  void release() {
    run_inside(self, [this] {
      holds = false;
      for (auto& [ask, promise] : std::exchange(held, {}))
        end(ask, promise);
      for (auto& promise : std::exchange(held_calls, {}))
        promise.deliver(actors::call_kept{});
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
            [notes, self](const actors::keep_call& ask) {
              auto promise = self->make_response_promise<actors::call_kept>();
              notes->keep(ask, promise);
              return promise;
            },
            [notes](const actors::read_calls& ask) { return notes->tell(ask); },
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
            [](const actors::read_times&) { return actors::times_read{}; },
            [](const actors::keep_times&) {},
            [](const actors::keep_health&) {},
            [](actors::get_status) { return actors::status_told{}; },
            [](actors::write_waiting) {},
            [](actors::end_of_journal) {},
            [](const job& it) { it.code(); },
        };
      }));
}

} // namespace troupe::test
