#pragma once

#include "arguments.hpp"
#include "commands.hpp"

#include <troupe/protocol/mission.hpp>
#include <troupe/runtime/catalogue.hpp>
#include <troupe/runtime/config.hpp>
#include <troupe/runtime/runtime.hpp>

#include <functional>
#include <optional>

namespace troupe::cli {

/// What most commands stand on.
struct setup {
  runtime_config config;
  catalogue models;
  std::vector<protocol::agent_spec> agents; ///< Of `--roster`.
  std::vector<protocol::agent_card> far;    ///< Of `--node`.
};

/// Reads configuration, catalogue and roster. Tells all problems of the first
/// that has some; nothing comes back then.
[[nodiscard]] std::optional<setup> load_setup(const common_arguments& given,
                                              console& on);

/// A runtime of that configuration, with the roster's agents. Errors: those of
/// `runtime::create` and `add_agent`. Blocking: while it starts.
[[nodiscard]] protocol::result<runtime> start_host(const setup& with);

/// Reads a mission; tells all its problems. `inputs` as typed.
[[nodiscard]] std::optional<protocol::mission>
load_mission_file(const std::string& path,
                  const std::vector<std::string>& inputs, const setup& with,
                  console& on);

/// States agent and tier of each task that leaves them open, as a run would.
void settle_tasks(protocol::mission& mission, const setup& with);

/// The mission's agents, and those of the roster that it does not replace.
[[nodiscard]] std::vector<protocol::agent_spec>
all_agents(const protocol::mission& mission, const setup& with);

/// The file that was named, else the one of the configuration. Nothing: neither
/// is, and `which` was told, or the configuration has problems.
[[nodiscard]] std::optional<std::string>
book_file(const book_arguments& given,
          const std::function<std::string(const runtime_config&)>& configured,
          const std::string& which, console& on);

/// One line for a failure, and its next step.
void tell(console& on, const protocol::error& failure);

/// The same, and the code to exit with.
int refuse(const protocol::error& why, console& on);

/// Problems, a line each, and how many there are.
void tell(console& on, const std::vector<problem>& problems);

} // namespace troupe::cli
