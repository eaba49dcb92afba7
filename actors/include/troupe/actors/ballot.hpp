#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/clock.hpp"

#include <caf/typed_actor.hpp>

#include <string>
#include <vector>

namespace troupe::actors {

/// Whoever is asked to vote. It answers the sender of the call, as itself:
/// `send(caf::actor_cast<ballot_actor>(current_sender()), coordination<...>)`.
using voter_actor = caf::typed_actor<
    // Asks for a vote.
    caf::reacts_to<protocol::coordination<protocol::call_vote>>>;

/// Whoever wants to know how a vote ends.
using vote_listener_actor = caf::typed_actor<
    // How it ended; exactly one of each ballot.
    caf::reacts_to<protocol::coordination<protocol::vote_result>>>;

/// BALLOT: one a vote. Calls the voters, counts, tells the result at the latest
/// at the deadline, and ends. A voter that dies can vote no more; a ballot that
/// is ended early has no decision.
using ballot_actor = caf::typed_actor<
    // One vote. Counts only when the voter's own actor has sent it.
    caf::reacts_to<protocol::coordination<protocol::cast_vote>>>;

struct ballot_voter {
  std::string name; ///< As in its votes.
  voter_actor handle;
};

struct ballot_config {
  protocol::header head; ///< Of the work that the vote belongs to.
  protocol::call_vote call;
  std::vector<ballot_voter> voters; ///< 1 to 10,000; names and actors differ.
  vote_listener_actor listener;
  wall_clock clock;
  std::uint64_t seed = 0; ///< Of the ids of its messages.
};

/// Errors: `invalid_request` (see `call_vote`); nobody has been asked then.
[[nodiscard]] protocol::result<ballot_actor>
spawn_ballot(caf::actor_system& system, ballot_config config);

} // namespace troupe::actors
