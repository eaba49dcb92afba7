#pragma once

#include "support/asked.hpp"

#include <troupe/actors/clock.hpp>
#include <troupe/actors/system_config.hpp>

#include <caf/make_message.hpp>
#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace troupe::test {

/// An actor system on one thread whose clock moves only by `advance`.
/// What does not depend on types of messages is compiled once.
class virtual_time {
public:
  virtual_time();

  /// Kills what was started: a pending timer keeps its actor alive, and the
  /// actor system's destructor would wait for it for ever.
  ~virtual_time();

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

  /// Lets one actor handle one message; false when none has any.
  bool run_one() { return scheduler_.try_run_once(); }

  /// Moves in steps of a quarter second at most, as a real clock would wake
  /// those who wait.
  void advance(protocol::duration by);

  /// Moves the clock while all actors are busy: nobody runs.
  void pass(protocol::duration by) { scheduler_.advance_time(by); }

  /// How many timers wait for the clock.
  [[nodiscard]] std::size_t timers() const;

  /// Sends a request from an actor of its own, which takes pieces of streamed
  /// answers too.
  template <class Answer, class Handle, class... Ts>
  std::shared_ptr<asked<Answer>> ask(const Handle& to, Ts... message) {
    auto state = std::make_shared<asked<Answer>>();
    send_request(caf::actor_cast<caf::strong_actor_ptr>(to),
                 caf::make_message(std::move(message)...),
                 [state](caf::type_erased_tuple& content) {
                   if (take_delta(content, state->deltas))
                     return;
                   ++state->answers;
                   if (content.match_elements<Answer>())
                     state->outcome.emplace(
                         std::move(content.get_mutable_as<Answer>(0)));
                   else
                     state->outcome.emplace(failure_in(content));
                 });
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
    send(caf::actor_cast<caf::actor>(to),
         caf::make_message(std::forward<Ts>(message)...));
  }

  template <class Handle>
  void end(const Handle& who,
           caf::exit_reason why = caf::exit_reason::user_shutdown) {
    end_actor(caf::actor_cast<caf::actor>(who), why);
  }

private:
  using delta = protocol::notification<protocol::model_delta>;

  void send_request(const caf::strong_actor_ptr& to, caf::message message,
                    std::function<void(caf::type_erased_tuple&)> take);
  void send(const caf::actor& to, caf::message message);
  void end_actor(const caf::actor& who, caf::exit_reason why);
  static bool take_delta(caf::type_erased_tuple& content,
                         std::vector<delta>& deltas);
  static protocol::error failure_in(caf::type_erased_tuple& content);

  std::unique_ptr<actors::system_config> config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  actors::wall_clock clock_;
  std::vector<caf::actor> started_;
  std::vector<caf::actor> askers_;
};

} // namespace troupe::test
