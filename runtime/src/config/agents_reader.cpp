#include "config/agents_reader.hpp"

#include "config/bytes_field.hpp"
#include "config/program_fields.hpp"

#include <boost/describe/enum.hpp>

namespace troupe::config {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

/// There are agents that share the runtime's process too, but not programs.
enum class isolation_kind : std::uint8_t { process };
BOOST_DESCRIBE_ENUM(isolation_kind, process)

program_agent read_agent(const yaml::node& at, const fs::path& folder,
                         yaml::problems& found) {
  program_agent agent;
  yaml::mapping fields{at, found};
  fields.require("name");
  fields.require("run");
  fields.text("name", agent.card.name);
  fields.text("description", agent.card.description);
  fields.texts("skills", agent.card.skills);
  fields.texts("tags", agent.card.tags);
  auto isolation = isolation_kind::process;
  fields.choice("isolation", isolation);
  auto& to = agent.where;
  read_command(fields, folder, to.command);
  read_folder(fields, folder, to.folder);
  fields.texts("environment", to.environment);
  read_bytes(fields, "memory_max", to.memory_max, 16U << 20U, 1ULL << 40U);
  read_bytes(fields, "resident_max", to.resident_max, 16U << 20U, 1ULL << 40U);
  fields.integer("files_max", to.files_max, 8U, 65'536U);
  fields.integer("processes_max", to.processes_max, 1U, 1'000U);
  fields.duration("start_max", to.start_max, 100ms, 1h);
  fields.duration("silence_max", to.silence_max, 1s, 1h);
  fields.duration("stop_max", to.stop_max, 1ms, 1h);
  fields.integer("restarts_max", to.restarts_max, 0U, 1'000U);
  fields.finish();
  return agent;
}

} // namespace

void read_agents(yaml::mapping& top, const fs::path& folder,
                 std::vector<program_agent>& out) {
  if (const auto* list = top.list("agents"))
    for (const auto& item : list->items)
      out.push_back(read_agent(item, folder, top.found()));
}

} // namespace troupe::config
