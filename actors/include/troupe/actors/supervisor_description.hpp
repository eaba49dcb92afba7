#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/supervision.hpp"

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <string>
#include <vector>

namespace troupe::actors {

/// Answers at once with what the supervisor is and has.
struct describe_supervisor {};
struct child_description {
  std::string id;
  child_kind kind = child_kind::worker;
  restart_type restart = restart_type::permanent;
  child_phase phase = child_phase::idle;
  std::uint64_t incarnation = 0; ///< Of its present or last life.
  std::uint32_t restarts = 0;
  std::uint32_t recent = 0; ///< Failures within the period.
  std::string last_end{};   ///< Of its last life, in words; empty: none.
  std::string remark{};
  caf::actor handle{}; ///< While it lives.
};
struct supervisor_described {
  std::string name;
  supervision how;
  std::uint32_t recent = 0; ///< Of all children.
  std::vector<child_description> children;
};

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::describe_supervisor)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::supervisor_described)
