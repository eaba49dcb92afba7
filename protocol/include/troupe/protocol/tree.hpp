#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/time.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe::protocol {

enum class tree_state : std::uint8_t {
  running,
  starting,
  stopping,
  restarting, ///< It is started again when its pause is over.
  stopped,    ///< It does not live, and nobody starts it.
  silent,     ///< A supervisor that lives and does not say what it has.
};
BOOST_DESCRIBE_ENUM(tree_state, running, starting, stopping, restarting,
                    stopped, silent)

/// What a supervisor goes by: the terms of docs/supervision.md.
struct tree_rules {
  std::string strategy{};
  std::uint32_t intensity = 0; ///< Restarts allowed within the period.
  duration period{};
  std::uint32_t recent = 0; ///< Restarts within the period.

  bool operator==(const tree_rules&) const = default;
};
BOOST_DESCRIBE_STRUCT(tree_rules, (), (strategy, intensity, period, recent))

/// A supervisor or a worker of a running troupe, with all below it.
struct tree_node {
  std::string name{};
  tree_state state = tree_state::running;
  std::string restart{}; ///< When it is started again; empty: at the top.
  std::optional<tree_rules> rules{}; ///< Of a supervisor.
  std::uint64_t incarnation = 0;     ///< The number of its life.
  std::uint32_t restarts = 0;        ///< Since its supervisor was started.
  std::uint32_t recent = 0;          ///< Within its supervisor's period.
  std::string last_end{}; ///< Why its last life ended; empty: none has.
  std::string remark{};
  std::vector<tree_node> children{}; ///< In starting order.

  bool operator==(const tree_node&) const = default;
};
BOOST_DESCRIBE_STRUCT(tree_node, (),
                      (name, state, restart, rules, incarnation, restarts,
                       recent, last_end, remark, children))

} // namespace troupe::protocol
