#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/clock.hpp"

#include <troupe/protocol/message_variant.hpp>

#include <caf/actor.hpp>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Recorded messages, sent once more to an actor under test. A test reads:
///
///   auto messages = messages_of(found.messages);
///   spawn_replay(system, {*messages, "writer", fresh_writer, 30s, clock},
///                [&](std::vector<replayed_answer> answers) { ... });
namespace troupe::actors {

/// The messages as they were, but for what was redacted.
/// Errors: `malformed_message` with the sequence of the first that cannot be
/// read any more.
[[nodiscard]] protocol::result<std::vector<protocol::any_message>>
messages_of(std::span<const protocol::recorded_message> records);

/// Reads messages that were written one a line, by `encode_message` or
/// `to_line`; empty lines are passed over.
/// Errors: as `decode_message`, with the number of the line.
[[nodiscard]] protocol::result<std::vector<protocol::any_message>>
read_message_lines(std::string_view lines);

/// A message as CAF carries it.
[[nodiscard]] caf::message to_caf_message(protocol::any_message message);

struct replay_config {
  std::vector<protocol::any_message> messages; ///< In order.
  std::string agent; ///< Receiver, as in their headers; empty: any.
  caf::actor to;     ///< Who gets them now.
  protocol::duration patience = std::chrono::seconds{30}; ///< For all answers.
  wall_clock clock;
};

/// What came of one request.
struct replayed_answer {
  protocol::header asked; ///< Of the request that was sent.
  protocol::result<protocol::any_message> answer;
};

/// Sends the messages to `config.agent` to another actor, one behind the other
/// without waiting for answers, and calls `done` once, in an actor of its own,
/// with the answers in the order of the requests. A request without an answer
/// in time ends in `deadline_exceeded`, to an actor that is gone in
/// `unreachable`.
/// Responses are left out: whoever asked will ask again. Deadlines and wishes
/// for confirmation are taken off, as they belong to the time of the record.
void spawn_replay(caf::actor_system& system, replay_config config,
                  std::function<void(std::vector<replayed_answer>)> done);

} // namespace troupe::actors
