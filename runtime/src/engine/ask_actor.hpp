#pragma once

#include <troupe/actors/ask_waiting.hpp>

#include <chrono>
#include <string_view>
#include <utility>

namespace troupe {

/// How long a caller's thread waits for one of the runtime's own actors.
inline constexpr std::chrono::seconds ask_patience{10};

/// As `actors::ask_waiting`, with that patience; never call it inside an actor.
template <class Answer, class Handle, class... Ts>
protocol::result<Answer> ask_for(caf::actor_system& system, const Handle& to,
                                 std::string_view gone, Ts&&... message) {
  return actors::ask_waiting<Answer>(system, to, ask_patience, gone,
                                     std::forward<Ts>(message)...);
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
