#pragma once

#include "support/actors/supervision_world.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace troupe::test {

/// What befalls a tree.
struct play_step {
  enum class kind { crash, start, terminate, restart, remove };

  kind what = kind::crash;
  std::string supervisor{};
  std::string id{};
  actors::child_end how{}; ///< Of a crash.
  planned_child child{};   ///< Of a start.
  bool is_dynamic = false;
};

/// A tree and what befalls it, made from a seed. Children of dynamic
/// supervisors have ids that begin with "d".
struct otp_play {
  std::uint64_t seed = 0;
  planned_supervisor tree;
  std::vector<play_step> steps;
};

[[nodiscard]] otp_play random_play(std::uint64_t seed);

/// As an Erlang term that support/actors/otp/oracle.escript reads.
[[nodiscard]] std::string to_erlang(const otp_play& play);

/// Plays it on our rules; what the oracle prints for OTP's.
[[nodiscard]] std::vector<std::string> lines_of(const otp_play& play);

/// What is told of dynamic children that stop together has no order, nor has
/// what is told of those that were killed one after the other.
[[nodiscard]] std::vector<std::string>
in_one_order(std::vector<std::string> lines);

} // namespace troupe::test
