// The part of the engine that ends it.
#include "engine/engine.hpp"

#include <troupe/actors/log.hpp>

#include <caf/all.hpp>

namespace troupe {

namespace {

constexpr std::chrono::seconds stop_patience{15};
constexpr std::chrono::seconds stop_margin{1};

/// Nobody else lets actors end. Whoever is left after an hour is lost: waiting
/// for it would be for ever.
void end_driven(caf::actor_system& system) {
  (void)actors::drive(system, std::chrono::hours{1}, [] { return false; });
  if (system.registry().running() > 0)
    actors::log(actors::log_level::error, "engine", "actors-left",
                std::to_string(system.registry().running()));
  system.await_actors_before_shutdown(false);
}

} // namespace

engine::~engine() {
  faults_.close(); // what ends from now on is no failure
  state_->close();
  std::vector<std::shared_ptr<mission_run::shared_state>> open;
  {
    const std::lock_guard lock{mutex_};
    open = std::move(runs_);
  }
  for (auto& run : open)
    run->leave();
  for (auto& run : open) {
    (void)run->channel->wait(stop_patience);
    run->detach();
  }
  wishes_ = nullptr; // behind the last word of the runs
  end_feeds();
  if (root_) {
    caf::scoped_actor self{system_};
    self->monitor(root_);
    // One deadline for all; who does not keep it is killed.
    self->send(root_, actors::stop_within{stop_patience});
    if (!options_.driven_by
        || actors::drive(system_, stop_patience + stop_margin,
                         [&] { return self->has_next_message(); }))
      self->receive([](const caf::down_msg&) {},
                    caf::after(stop_patience + stop_margin) >> [] {});
  }
  root_ = nullptr;
  if (books_.journal && books_.journal != journal_)
    caf::anon_send(books_.journal, actors::end_of_journal{});
  books_.journal = nullptr;
  if (journal_) // behind all that the coordinators have sent it
    caf::anon_send(journal_, actors::end_of_journal{});
  journal_ = nullptr;
  for (auto& [name, tool] : tools_)
    caf::anon_send_exit(tool.handle, caf::exit_reason::user_shutdown);
  tools_.clear();
  tool_book_->clear();
  roles_.clear();
  if (options_.driven_by)
    end_driven(system_);
}

} // namespace troupe
