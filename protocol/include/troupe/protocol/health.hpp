#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/time.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// How the parts of a running troupe are, and what is done for sick agents.
namespace troupe::protocol {

/// How an agent stands with those who give out work.
enum class agent_condition : std::uint8_t {
  well,
  drained,   ///< It is given nothing more, and ends what it has begun.
  restarted, ///< It was ended, and its next life has not begun yet.
  probation, ///< It is given a few tasks, to see how it does.
  replaced,  ///< Others with its skill come first; it rests.
};
BOOST_DESCRIBE_ENUM(agent_condition, well, drained, restarted, probation,
                    replaced)

/// What an agent is sick of.
enum class sickness : std::uint8_t { none, errors, latency, gates };
BOOST_DESCRIBE_ENUM(sickness, none, errors, latency, gates)

/// What is known of an agent's latest tasks.
struct health_figures {
  std::uint32_t outcomes = 0; ///< Tasks that ended well or by its fault.
  std::uint32_t failed = 0;   ///< Of these, by its fault.
  std::uint32_t judged = 0;   ///< Answers that a gate has looked at.
  std::uint32_t refused = 0;  ///< Of these, that did not pass.
  duration latency{};         ///< The median of the latest.
  duration usual{};           ///< The median of those before; 0: not known.

  bool operator==(const health_figures&) const = default;
};
BOOST_DESCRIBE_STRUCT(health_figures, (),
                      (outcomes, failed, judged, refused, latency, usual))
template <>
inline constexpr bool omits_defaults<health_figures> = true;

/// An agent has come to stand otherwise.
struct health_step {
  instant at{};
  std::string agent{};
  agent_condition from = agent_condition::well;
  agent_condition to = agent_condition::well;
  sickness cause = sickness::none; ///< What all of it began with.
  health_figures figures{};        ///< That decided.
  std::string why{};               ///< In words.

  bool operator==(const health_step&) const = default;
};
BOOST_DESCRIBE_STRUCT(health_step, (),
                      (at, agent, from, to, cause, figures, why))

/// How an agent is.
struct agent_health {
  std::string agent{};
  agent_condition condition = agent_condition::well;
  instant since{};
  sickness cause = sickness::none;
  std::uint32_t restarts = 0; ///< For its health.
  health_figures figures{};

  bool operator==(const agent_health&) const = default;
};
BOOST_DESCRIBE_STRUCT(agent_health, (),
                      (agent, condition, since, cause, restarts, figures))

/// A figure that a part tells of itself, as `waiting_calls`.
struct status_figure {
  std::string name{};
  std::uint64_t value = 0;

  bool operator==(const status_figure&) const = default;
};
BOOST_DESCRIBE_STRUCT(status_figure, (), (name, value))

/// How a part of troupe is: an actor of its tree.
struct part_status {
  std::string part{};            ///< Its way in the tree, as `agents/writer`.
  bool is_live = false;          ///< It has answered in time.
  bool is_ready = false;         ///< It takes work.
  std::string why{};             ///< It is not live or not ready; else empty.
  std::uint64_t waiting = 0;     ///< Messages in its mailbox.
  std::uint64_t waiting_max = 0; ///< 0: it has no bound.
  std::vector<status_figure> figures{};

  bool operator==(const part_status&) const = default;
};
BOOST_DESCRIBE_STRUCT(part_status, (),
                      (part, is_live, is_ready, why, waiting, waiting_max,
                       figures))

/// How all of a runtime is.
struct health_report {
  bool is_live = false;  ///< Every part is.
  bool is_ready = false; ///< Every part of the runtime's own is.
  std::vector<part_status> parts{};
  std::vector<agent_health> agents{}; ///< That are not well.

  bool operator==(const health_report&) const = default;
};
BOOST_DESCRIBE_STRUCT(health_report, (), (is_live, is_ready, parts, agents))

} // namespace troupe::protocol
