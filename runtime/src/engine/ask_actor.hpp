#pragma once

#include <troupe/actors/caf_types.hpp>
#include <troupe/actors/message_statistics.hpp>
#include <troupe/actors/request_watch.hpp>

#include <caf/all.hpp>

#include <chrono>
#include <string_view>
#include <utility>

namespace troupe {

/// How long a caller's thread waits for one of the runtime's own actors.
inline constexpr std::chrono::seconds ask_patience{10};

/// Sends a request from the calling thread and returns its answer; counted like
/// those between actors. Errors: `unreachable` with `gone` when there is no
/// such actor or it ends without an answer, `deadline_exceeded`, and what it
/// answers. Blocking: up to `ask_patience`; never call it inside an actor.
template <class Answer, class Handle, class... Ts>
protocol::result<Answer> ask_for(caf::actor_system& system, const Handle& to,
                                 std::string_view gone, Ts&&... message) {
  const auto nobody =
      protocol::fail(protocol::errc::unreachable, std::string(gone));
  if (!to)
    return nobody;
  protocol::result<Answer> outcome = nobody;
  auto& counts = actors::statistics_of(system);
  counts.add(actors::message_count::requests);
  caf::scoped_actor self{system};
  auto asked = self->request(to, ask_patience, std::forward<Ts>(message)...);
  const actors::request_watch watch{
      caf::actor_cast<caf::actor_control_block*>(self), asked.id(),
      caf::actor_cast<caf::actor_control_block*>(to)};
  asked.receive([&](Answer& answer) { outcome = std::move(answer); },
                [&](const caf::error& failure) {
                  const bool has_ended =
                      failure == caf::sec::unexpected_response;
                  outcome = has_ended ? nobody : actors::from_caf(failure);
                });
  counts.add(outcome ? actors::message_count::answered
                     : actors::outcome_of(outcome.error().code));
  return outcome;
}

/// The same, where the answer is a response: returns its body.
template <class Body, class Handle, class... Ts>
protocol::result<Body> ask_actor(caf::actor_system& system, const Handle& to,
                                 std::string_view gone, Ts&&... message) {
  auto answer = ask_for<protocol::response<Body>>(system, to, gone,
                                                  std::forward<Ts>(message)...);
  if (!answer)
    return answer.error();
  return std::move(answer->body);
}

} // namespace troupe
