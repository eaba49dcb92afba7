#pragma once

#include <troupe/actors/system_config.hpp>

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <optional>
#include <vector>

namespace troupe::test {

/// An actor system on one thread whose clock moves only by `advance`.
class virtual_time {
public:
  virtual_time()
    : config_(make_config()),
      system_(*config_),
      scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(
        system_.scheduler())),
      self_(system_) {
    // CAF takes a time of zero for "unset".
    scheduler_.clock().current_time += std::chrono::hours{1};
    clock_ = actors::wall_clock{
      protocol::instant{std::chrono::seconds{1'800'000'000}},
      scheduler_.clock().now()};
  }

  /// Kills what was started: a pending timer keeps its actor alive, and the
  /// actor system's destructor would wait for it for ever.
  ~virtual_time() {
    for (auto& handle : started_)
      caf::anon_send_exit(handle, caf::exit_reason::kill);
    started_.clear();
    scheduler_.run();
    while (scheduler_.clock().has_pending_timeout()
           && scheduler_.clock().trigger_timeout())
      scheduler_.run();
  }

  virtual_time(const virtual_time&) = delete;
  virtual_time& operator=(const virtual_time&) = delete;

  caf::actor_system& system() { return system_; }
  caf::scoped_actor& self() { return self_; }
  [[nodiscard]] const actors::wall_clock& clock() const { return clock_; }
  protocol::instant now() { return clock_.at(scheduler_.clock().now()); }

  /// Remembers an actor, to be ended with this object.
  template <class Handle>
  Handle keep(Handle handle) {
    started_.push_back(caf::actor_cast<caf::actor>(handle));
    scheduler_.run();
    return handle;
  }

  /// Runs what can run at the present instant.
  void run() { scheduler_.run(); }

  void advance(protocol::duration by) {
    scheduler_.advance_time(by);
    scheduler_.run();
  }

  /// Sends a request; the answer is looked at with `answer_of`.
  template <class Handle, class... Ts>
  auto ask(const Handle& to, Ts&&... message) {
    auto pending = self_->request(to, caf::infinite,
                                  std::forward<Ts>(message)...);
    scheduler_.run();
    return pending;
  }

  /// Sends a request and takes its answer at the present instant. A request
  /// that nobody has answered by then is an error `internal`.
  template <class Answer, class Handle, class... Ts>
  protocol::result<Answer> answer(const Handle& to, Ts&&... message) {
    return take<Answer>(ask(to, std::forward<Ts>(message)...));
  }

  template <class Answer, class Pending>
  protocol::result<Answer> take(Pending pending) {
    std::optional<protocol::result<Answer>> outcome;
    if (!self_->has_next_message())
      return protocol::fail(protocol::errc::internal, "not answered yet");
    pending.receive(
      [&](Answer& value) { outcome.emplace(std::move(value)); },
      [&](const caf::error& failure) {
        outcome.emplace(actors::from_caf(failure));
      });
    return std::move(*outcome);
  }

private:
  static std::unique_ptr<actors::system_config> make_config() {
    auto config = std::make_unique<actors::system_config>(1);
    config->set("scheduler.policy", caf::atom("testing"));
    config->set("logger.inline-output", true);
    return config;
  }

  std::unique_ptr<actors::system_config> config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  caf::scoped_actor self_;
  actors::wall_clock clock_;
  std::vector<caf::actor> started_;
};

} // namespace troupe::test
