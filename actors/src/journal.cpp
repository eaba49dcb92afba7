#include "troupe/actors/journal.hpp"

#include "troupe/actors/driving.hpp"
#include "troupe/actors/log.hpp"

#include <caf/all.hpp>

#include <optional>
#include <utility>

namespace troupe::actors {

namespace {

/// So many batches and calls go to the disk at once; the rest waits in the
/// mailbox.
constexpr std::size_t group_max = 64;

struct journal_state {
  static constexpr const char* name = "journal";

  std::shared_ptr<journal_log> log;
  std::vector<run_entries> waiting; // these two: at most group_max
  std::vector<keep_call> calls;
  std::vector<caf::typed_response_promise<entries_kept>> promises;
  std::vector<caf::typed_response_promise<call_kept>> call_promises;
  std::optional<protocol::error> failure; ///< Of the last that was written.

  [[nodiscard]] std::size_t size() const {
    return waiting.size() + calls.size();
  }

  /// Keeps what waits, if anything does.
  void write() {
    if (size() == 0)
      return;
    const auto kept = log->keep(waiting, calls);
    const auto batches = std::exchange(waiting, {});
    calls.clear();
    failure.reset();
    const auto asked = std::exchange(promises, {});
    for (std::size_t i = 0; i < asked.size(); ++i)
      answer(asked[i], kept.entries[i],
             entries_kept{batches[i].entries.back().sequence});
    const auto of_calls = std::exchange(call_promises, {});
    for (std::size_t i = 0; i < of_calls.size(); ++i)
      answer(of_calls[i], kept.calls[i], call_kept{});
  }

  template <class Answer>
  void answer(caf::typed_response_promise<Answer> to,
              const protocol::result<void>& kept, Answer answer) {
    if (kept)
      to.deliver(std::move(answer));
    else
      to.deliver(to_caf(kept.error()));
    if (!kept)
      failure = kept.error();
  }

  [[nodiscard]] status_told status() const {
    status_told told;
    told.status.is_live = true;
    told.status.is_ready = true;
    add_figure(told.status, "batches_waiting", size());
    if (failure)
      not_ready(told.status, failure->detail);
    return told;
  }

  void keep(const keep_health& it) {
    if (const auto kept = log->keep_health(it.what); !kept) {
      failure = kept.error();
      actors::log(log_level::error, "journal", "health-not-kept",
                  failure->detail);
    }
  }
};

using journal_self = journal_actor::stateful_pointer<journal_state>;

/// What was added waits for what stands in the mailbox already.
void write_soon(journal_self self) {
  auto& state = self->state;
  if (state.size() >= group_max)
    state.write();
  else if (state.size() == 1)
    self->send(self, write_waiting{});
}

caf::typed_response_promise<entries_kept> keep(journal_self self,
                                               const keep_entries& ask) {
  auto& state = self->state;
  auto promise = self->make_response_promise<entries_kept>();
  state.waiting.push_back(ask.what);
  state.promises.push_back(promise);
  write_soon(self);
  return promise;
}

caf::typed_response_promise<call_kept> keep(journal_self self,
                                            const keep_call& ask) {
  auto& state = self->state;
  auto promise = self->make_response_promise<call_kept>();
  state.calls.push_back(ask);
  state.call_promises.push_back(promise);
  write_soon(self);
  return promise;
}

/// An effect begins behind the call of the model that it follows from.
caf::result<effect_begun> begin(journal_self self, const begin_effect& ask) {
  self->state.write();
  return to_caf(self->state.log->begin(ask));
}

caf::result<calls_read> read(journal_self self, const read_calls& ask) {
  self->state.write();
  auto calls = self->state.log->calls_before(ask);
  if (!calls)
    return to_caf(calls.error());
  return calls_read{std::move(*calls)};
}

caf::result<times_read> read(journal_self self, const read_times& ask) {
  auto times = self->state.log->times(ask.mission);
  if (!times)
    return to_caf(times.error());
  return times_read{std::move(*times)};
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
        [self](const keep_call& ask) { return keep(self, ask); },
        [self](const read_calls& ask) { return read(self, ask); },
        [self](const begin_effect& ask) { return begin(self, ask); },
        [self](const end_effect& ask) -> caf::result<effect_ended> {
          const auto kept = self->state.log->end(ask);
          if (!kept)
            return to_caf(kept.error());
          return effect_ended{};
        },
        [self](const read_times& ask) { return read(self, ask); },
        [self](const keep_times& what) { // what is lost is learned again
          (void)self->state.log->keep_times(what.mission, what.times);
        },
        [self](const keep_health& it) { self->state.keep(it); },
        [self](get_status) { return self->state.status(); },
        [self](write_waiting) { self->state.write(); },
        [self](end_of_journal) {
          self->state.write();
          self->quit();
        },
    };
  };
  return spawn_apart(system, code);
}

} // namespace troupe::actors
