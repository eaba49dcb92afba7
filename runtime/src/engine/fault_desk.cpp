#include "engine/fault_desk.hpp"

#include <troupe/actors/driving.hpp>
#include <troupe/actors/log.hpp>

#include <caf/all.hpp>

namespace troupe {

using protocol::errc;

/// Waits for the root of the tree; the desk outlives it.
class tree_warden : public caf::event_based_actor {
public:
  tree_warden(caf::actor_config& cfg, fault_desk& desk,
              const actors::supervisor_actor& root,
              actors::journal_actor journal)
      : caf::event_based_actor(cfg), desk_(desk), journal_(std::move(journal)) {
    set_default_handler(caf::drop);
    root_ = root->address();
    monitor(root);
    set_down_handler([this](const caf::down_msg& down) { ended(down); });
  }

  const char* name() const override { return "tree-warden"; }

  caf::behavior make_behavior() override {
    return {[](caf::unit_t) {
    }}; // it waits for ends only
  }

  void on_exit() override { journal_ = nullptr; }

private:
  void ended(const caf::down_msg& down) {
    if (down.source != root_)
      return tell();
    desk_.has_ended(down.reason);
    if (!desk_.failure() || !journal_)
      return tell();
    // Behind all that the runs have sent it; what it was sent is written.
    monitor(journal_);
    caf::anon_send(journal_, actors::end_of_journal{});
  }

  void tell() {
    desk_.tell();
    quit();
  }

  fault_desk& desk_;
  caf::actor_addr root_;
  actors::journal_actor journal_;
};

std::optional<protocol::error> fault_desk::failure() const {
  const std::lock_guard lock{mutex_};
  return failure_;
}

bool fault_desk::fail(const protocol::error& why) {
  const std::lock_guard lock{mutex_};
  if (is_closed_)
    return false;
  if (!failure_)
    failure_ = protocol::fail(errc::runtime_ended, why.detail);
  return true;
}

void fault_desk::watch(caf::actor_system& system,
                       const actors::supervisor_actor& root,
                       const actors::journal_actor& journal) {
  const std::lock_guard lock{mutex_};
  warden_ = caf::actor_cast<caf::actor>(
      system.spawn<tree_warden>(*this, root, journal));
}

void fault_desk::close() {
  caf::actor warden;
  {
    const std::lock_guard lock{mutex_};
    is_closed_ = true;
    at_failure_ = nullptr;
    warden = std::exchange(warden_, {});
  }
  if (!warden)
    return;
  // It may be at work: nothing of it is under way behind this.
  caf::scoped_actor self{warden.home_system()};
  self->monitor(warden);
  self->send_exit(warden, caf::exit_reason::user_shutdown);
  auto& system = warden.home_system();
  if (!actors::is_driven(system)
      || actors::drive(system, std::chrono::minutes{1},
                       [&] { return self->has_next_message(); }))
    self->receive([](const caf::down_msg&) {});
}

void fault_desk::has_ended(const caf::error& why) {
  const auto reason = actors::from_caf(why);
  (void)fail(protocol::fail(
      errc::runtime_ended,
      "the tree of actors has ended"
          + (reason.detail.empty() ? std::string{} : ": " + reason.detail)));
}

void fault_desk::tell() {
  listener at_failure;
  std::optional<protocol::error> why;
  {
    const std::lock_guard lock{mutex_};
    at_failure = std::exchange(at_failure_, nullptr);
    why = failure_;
  }
  if (!why)
    return;
  actors::log(actors::log_level::error, "engine", "runtime-ended",
              "why=" + why->detail);
  if (at_failure)
    at_failure(*why);
}

} // namespace troupe
