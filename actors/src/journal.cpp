#include "troupe/actors/journal.hpp"

#include <caf/all.hpp>

#include <utility>

namespace troupe::actors {

namespace {

/// So many batches go to the disk at once; the rest waits in the mailbox.
constexpr std::size_t group_max = 64;

struct journal_state {
  static constexpr const char* name = "journal";

  std::shared_ptr<journal_log> log;
  std::vector<run_entries> waiting; // at most group_max
  std::vector<caf::typed_response_promise<entries_kept>> promises;

  void write() {
    const auto kept = log->append(waiting);
    const auto batches = std::exchange(waiting, {});
    auto asked = std::exchange(promises, {});
    for (std::size_t i = 0; i < asked.size(); ++i)
      if (kept[i])
        asked[i].deliver(entries_kept{batches[i].entries.back().sequence});
      else
        asked[i].deliver(to_caf(kept[i].error()));
  }
};

using journal_self = journal_actor::stateful_pointer<journal_state>;

caf::typed_response_promise<entries_kept> keep(journal_self self,
                                               const keep_entries& ask) {
  auto& state = self->state;
  auto promise = self->make_response_promise<entries_kept>();
  state.waiting.push_back(ask.what);
  state.promises.push_back(promise);
  if (state.waiting.size() >= group_max)
    state.write();
  else if (state.waiting.size() == 1)
    self->send(self, write_waiting{}); // behind all that is there already
  return promise;
}

} // namespace

journal_actor spawn_journal(caf::actor_system& system,
                            std::shared_ptr<journal_log> log) {
  const auto code = [log = std::move(log)](
                        journal_self self) -> journal_actor::behavior_type {
    self->state.log = log;
    self->set_exit_handler([](caf::exit_msg&) {});
    return {
        [self](const keep_entries& ask) { return keep(self, ask); },
        [self](const read_run& ask) -> caf::result<run_read> {
          auto entries = self->state.log->read(ask.run);
          if (!entries)
            return to_caf(entries.error());
          return run_read{std::move(*entries)};
        },
        [self](const list_runs& ask) -> caf::result<runs_listed> {
          auto runs = self->state.log->runs(ask.count_max);
          if (!runs)
            return to_caf(runs.error());
          return runs_listed{std::move(*runs)};
        },
        [self](const begin_effect& ask) {
          return to_caf(self->state.log->begin(ask));
        },
        [self](const end_effect& ask) -> caf::result<effect_ended> {
          const auto kept = self->state.log->end(ask);
          if (!kept)
            return to_caf(kept.error());
          return effect_ended{};
        },
        [self](write_waiting) {
          if (!self->state.waiting.empty())
            self->state.write();
        },
        [self](end_of_journal) {
          if (!self->state.waiting.empty())
            self->state.write();
          self->quit();
        },
    };
  };
  return system.spawn<caf::detached>(code);
}

} // namespace troupe::actors
