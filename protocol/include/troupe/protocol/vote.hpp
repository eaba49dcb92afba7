#pragma once

#include "troupe/protocol/id.hpp"
#include "troupe/protocol/time.hpp"

#include <boost/describe/enum.hpp>

#include <string>
#include <vector>

/// Decisions of several agents. A result is only what a quorum has said;
/// silence is never taken for consent.
namespace troupe::protocol {

/// Asks a voter for its vote. A vote counts when it is cast by the voter
/// itself, before the deadline, for this proposal, round and hash.
struct call_vote {
  id proposal;
  std::uint32_t round = 1;
  std::string hash;                 ///< Of what is voted on; 1 to 128 bytes.
  std::string question;             ///< At most 64 KiB.
  std::vector<std::string> options; ///< 2 to 64, different, <= 256 bytes.
  /// So many equal votes decide: more than half of the voters, so that no two
  /// options can win. For f liars among n >= 3f + 1 voters: 2f + 1.
  std::uint32_t quorum = 0;
  instant deadline; ///< Without a quorum by then: no decision.

  bool operator==(const call_vote&) const = default;
};
BOOST_DESCRIBE_STRUCT(call_vote, (),
                      (proposal, round, hash, question, options, quorum,
                       deadline))

/// One agent's vote. A second one for the same option changes nothing; for
/// another option it is equivocation: none of the agent's votes counts then.
struct cast_vote {
  id proposal;
  std::uint32_t round = 1;
  std::string hash; ///< That of the call.
  std::string agent;
  std::string option;
  /// Who runs the model behind the vote; empty: no model. Agents that share
  /// one are not independent.
  std::string provider;

  bool operator==(const cast_vote&) const = default;
};
BOOST_DESCRIBE_STRUCT(cast_vote, (),
                      (proposal, round, hash, agent, option, provider))

enum class vote_state : std::uint8_t {
  decided,
  no_decision, ///< The deadline passed, or no option could win any more.
};
BOOST_DESCRIBE_ENUM(vote_state, decided, no_decision)

/// The votes for one option.
struct vote_count {
  std::string option;
  std::uint32_t votes = 0;

  bool operator==(const vote_count&) const = default;
};
BOOST_DESCRIBE_STRUCT(vote_count, (), (option, votes))

/// How a vote ended. Exactly one comes of each call, at the latest when the
/// deadline passes.
struct vote_result {
  id proposal;
  std::uint32_t round = 1;
  std::string hash;
  vote_state state = vote_state::no_decision;
  std::string option;             ///< That has won; empty: none.
  std::vector<vote_count> counts; ///< Of all options, in the call's order.
  std::uint32_t voters = 0;
  std::uint32_t quorum = 0;
  /// Different providers behind the votes for the option that has won, or for
  /// the one ahead.
  std::uint32_t providers = 0;
  std::vector<std::string> equivocators; ///< Agents, by name.

  bool operator==(const vote_result&) const = default;
};
BOOST_DESCRIBE_STRUCT(vote_result, (),
                      (proposal, round, hash, state, option, counts, voters,
                       quorum, providers, equivocators))

} // namespace troupe::protocol
