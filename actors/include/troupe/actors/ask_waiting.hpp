#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/driving.hpp"
#include "troupe/actors/message_statistics.hpp"
#include "troupe/actors/request_watch.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <string_view>
#include <utility>

namespace troupe::actors {

/// Sends a request from the calling thread and returns its answer; counted like
/// those between actors. Errors: `unreachable` with `gone` when there is no
/// such actor or it ends without an answer, `deadline_exceeded`, and what it
/// answers. Blocking: up to `patience`; never call it on a shared worker. In a
/// driven system it lets the actors run meanwhile.
template <class Answer, class Handle, class... Ts>
protocol::result<Answer> ask_waiting(caf::actor_system& system,
                                     const Handle& to, caf::timespan patience,
                                     std::string_view gone, Ts&&... message) {
  const auto nobody =
      protocol::fail(protocol::errc::unreachable, std::string(gone));
  if (!to)
    return nobody;
  protocol::result<Answer> outcome = nobody;
  auto& counts = statistics_of(system);
  counts.add(message_count::requests);
  caf::scoped_actor self{system};
  auto asked = self->request(to, patience, std::forward<Ts>(message)...);
  const request_watch watch{caf::actor_cast<caf::actor_control_block*>(self),
                            asked.id(),
                            caf::actor_cast<caf::actor_control_block*>(to)};
  if (is_driven(system)
      && !drive(system, patience, [&] { return self->has_next_message(); }))
    return nobody; // nothing happens any more
  asked.receive([&](Answer& answer) { outcome = std::move(answer); },
                [&](const caf::error& failure) {
                  const bool has_ended =
                      failure == caf::sec::unexpected_response;
                  outcome = has_ended ? nobody : from_caf(failure);
                });
  counts.add(outcome ? message_count::answered
                     : outcome_of(outcome.error().code));
  return outcome;
}

} // namespace troupe::actors
