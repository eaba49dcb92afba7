#pragma once

#include <troupe/protocol/mission.hpp>
#include <troupe/protocol/result.hpp>

namespace troupe::cli {

/// Nobody follows a mission of a queue: it may not ask a person. Errors:
/// `invalid_request`.
inline protocol::result<void> check_unattended(const protocol::mission& it) {
  for (const auto& task : it.tasks)
    if (task.kind == protocol::task_kind::approval
        || task.gate.on_fail == protocol::gate_action::ask)
      return protocol::fail(
          protocol::errc::invalid_request,
          "task '" + task.id
              + "' may ask a person, and nobody follows a mission of the "
                "queue: run it with 'troupe --node HOST:PORT run'");
  return {};
}

} // namespace troupe::cli
