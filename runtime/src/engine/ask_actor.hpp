#pragma once

#include <troupe/actors/caf_types.hpp>

#include <caf/all.hpp>

#include <chrono>
#include <string_view>
#include <utility>

namespace troupe {

/// How long a caller's thread waits for one of the runtime's own actors.
inline constexpr std::chrono::seconds ask_patience{10};

/// Sends a request from the calling thread and returns its answer's body.
/// Errors: `unreachable` with `gone` when there is no such actor, and what it
/// answers. Blocking: up to `ask_patience`; never call it inside an actor.
template <class Body, class Handle, class... Ts>
protocol::result<Body> ask_actor(caf::actor_system& system, const Handle& to,
                                 std::string_view gone, Ts&&... message) {
  protocol::result<Body> outcome =
      protocol::fail(protocol::errc::unreachable, std::string(gone));
  if (!to)
    return outcome;
  caf::scoped_actor self{system};
  self->request(to, ask_patience, std::forward<Ts>(message)...)
      .receive(
          [&](protocol::response<Body>& answer) {
            outcome = std::move(answer.body);
          },
          [&](const caf::error& failure) {
            outcome = actors::from_caf(failure);
          });
  return outcome;
}

} // namespace troupe
