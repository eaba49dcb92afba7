#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/clock.hpp"
#include "troupe/actors/history_limits.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_actor.hpp>

namespace troupe::actors {

/// A copy of any message; whole in `record_message.hpp`, which is costly to
/// compile.
struct record_message;

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::record_message)

namespace troupe::actors {

/// Asks a HISTORY for its `history_figures`. Stays within a process.
struct count_history {};

/// HISTORY: keeps what a system's actors have taken from one another, within
/// bounds and without secrets, for those who look into it later. Its mailbox
/// gives up the oldest when recording cannot keep up (counted as `dropped`):
/// nobody ever waits for it.
using history_actor = caf::typed_actor<
    // Keeps a message; sent by the system's `message_tap`.
    caf::reacts_to<record_message>,
    // Finds recorded messages.
    caf::replies_to<protocol::request<protocol::find_messages>>::with<
        protocol::response<protocol::messages_found>>,
    // Tells what it holds.
    caf::replies_to<count_history>::with<history_figures>>;

struct history_config {
  history_limits limits;
  redaction_config hide;
  /// Of all conversations, each whole or not at all; 1 to 1,000.
  std::uint32_t sample_permille = 1'000;
  wall_clock clock;
  std::uint64_t seed = 0; ///< Of the ids of its messages.
};

/// Starts a history and opens the system's tap for it, in place of an earlier
/// one; the tap closes when the history ends.
[[nodiscard]] history_actor spawn_history(caf::actor_system& system,
                                          history_config config = {});

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::count_history)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::history_figures)
