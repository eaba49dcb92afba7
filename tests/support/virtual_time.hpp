#pragma once

#include "support/asked.hpp"

#include <troupe/actors/clock.hpp>
#include <troupe/actors/system_config.hpp>

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace troupe::test {

/// An actor system on one thread whose clock moves only by `advance`.
class virtual_time {
public:
  virtual_time()
      : config_(make_config()), system_(*config_),
        scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(
            system_.scheduler())) {
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
  [[nodiscard]] const actors::wall_clock& clock() const { return clock_; }
  protocol::instant now() { return clock_.at(scheduler_.clock().now()); }

  /// Remembers an actor, to be ended with this object.
  template <class Handle>
  Handle keep(Handle handle) {
    started_.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  }

  /// Runs what can run at the present instant.
  void run() { scheduler_.run(); }

  /// Moves in steps of a quarter second at most, as a real clock would wake
  /// those who wait.
  void advance(protocol::duration by) {
    while (by > protocol::duration{0}) {
      const auto step =
          std::min<protocol::duration>(by, std::chrono::milliseconds{250});
      scheduler_.advance_time(step);
      scheduler_.run();
      by -= step;
    }
  }

  /// How many timers wait for the clock.
  [[nodiscard]] std::size_t timers() const {
    return scheduler_.clock().schedule().size();
  }

  /// Sends a request from an actor of its own, which takes pieces of streamed
  /// answers too.
  template <class Answer, class Handle, class... Ts>
  std::shared_ptr<asked<Answer>> ask(const Handle& to, Ts... message) {
    auto state = std::make_shared<asked<Answer>>();
    keep(system_.spawn([=](caf::event_based_actor* self) -> caf::behavior {
      self->request(to, caf::infinite, message...)
          .then(
              [state](Answer& value) {
                ++state->answers;
                state->outcome.emplace(std::move(value));
              },
              [state](const caf::error& failure) {
                ++state->answers;
                state->outcome.emplace(actors::from_caf(failure));
              });
      return {[state](const protocol::notification<protocol::model_delta>& it) {
        state->deltas.push_back(it);
      }};
    }));
    scheduler_.run();
    return state;
  }

  /// Sends a request and takes its answer at the present instant. A request
  /// that nobody has answered by then is an error `internal`.
  template <class Answer, class Handle, class... Ts>
  protocol::result<Answer> answer(const Handle& to, Ts... message) {
    auto state = ask<Answer>(to, std::move(message)...);
    if (!state->outcome)
      return protocol::fail(protocol::errc::internal, "not answered yet");
    return std::move(*state->outcome);
  }

  /// Sends a message that nobody answers.
  template <class Handle, class... Ts>
  void tell(const Handle& to, Ts&&... message) {
    caf::anon_send(to, std::forward<Ts>(message)...);
    scheduler_.run();
  }

  template <class Handle>
  void end(const Handle& who,
           caf::exit_reason why = caf::exit_reason::user_shutdown) {
    caf::anon_send_exit(who, why);
    scheduler_.run();
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
  actors::wall_clock clock_;
  std::vector<caf::actor> started_;
};

} // namespace troupe::test
