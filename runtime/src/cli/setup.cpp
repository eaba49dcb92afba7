#include "setup.hpp"

#include "catalogue/models_cache.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "report/report_text.hpp"

#include <troupe/actors/registry_rules.hpp>
#include <troupe/runtime/mission_file.hpp>
#include <troupe/runtime/roster.hpp>

#include <algorithm>
#include <unordered_set>

namespace troupe::cli {

void tell(console& on, const protocol::error& failure) {
  on.err.write("troupe: " + report::failure_text(failure, "  "));
}

int refuse(const protocol::error& why, console& on) {
  tell(on, why);
  return exit_code_for(why.code);
}

void tell(console& on, const std::vector<problem>& problems) {
  for (const auto& each : problems)
    on.err.line(report::printable_line(to_text(each)));
  on.err.line(problems.size() == 1
                  ? "1 problem"
                  : std::to_string(problems.size()) + " problems");
}

std::optional<std::string>
book_file(const book_arguments& given,
          const std::function<std::string(const runtime_config&)>& configured,
          const std::string& which, console& on) {
  if (!given.file.empty())
    return given.file;
  const auto loaded = load_config(given.config);
  if (!loaded.problems.empty()) {
    tell(on, loaded.problems);
    return std::nullopt;
  }
  auto file = configured(loaded.config);
  if (file.empty()) {
    on.err.line(which);
    return std::nullopt;
  }
  return file;
}

std::optional<setup> load_setup(const common_arguments& given, console& on) {
  auto loaded = load_config(given.config);
  if (!loaded.problems.empty()) {
    tell(on, loaded.problems);
    return {};
  }
  setup with;
  with.config = std::move(loaded.config);
  auto models = models::load_models(with.config);
  if (!models.problems.empty()) {
    tell(on, models.problems);
    return {};
  }
  with.models = std::move(models.models);
  if (given.roster.empty())
    return with;
  auto roster = load_roster(given.roster, with.models.all());
  if (!roster.problems.empty()) {
    tell(on, roster.problems);
    return {};
  }
  with.agents = std::move(roster.agents);
  return with;
}

protocol::result<runtime> start_host(const setup& with) {
  auto host = runtime::create(with.config);
  if (!host)
    return host;
  for (const auto& agent : with.agents)
    if (const auto added = host->add_agent(agent); !added)
      return added.error();
  return host;
}

std::optional<protocol::mission>
load_mission_file(const std::string& path,
                  const std::vector<std::string>& inputs, const setup& with,
                  console& on) {
  mission_options options;
  for (const auto& input : inputs) {
    const auto sign = input.find('=');
    const auto name =
        sign == std::string::npos ? std::string{} : input.substr(0, sign);
    options.inputs[name] = input.substr(sign + 1); // npos + 1 is 0
  }
  for (const auto& agent : with.agents)
    options.known_agents.push_back(agent.card);
  for (const auto& agent : with.config.agents)
    options.known_agents.push_back(agent.card);
  for (const auto& card : with.far)
    options.known_agents.push_back(card);
  const auto models = with.models.all();
  options.models.assign(models.begin(), models.end());
  options.file_bytes_max = with.config.limits.mission_file_bytes;
  options.input_bytes_max = with.config.limits.input_file_bytes;
  auto loaded = load_mission(path, options);
  if (!loaded.problems.empty() || !loaded.mission) {
    tell(on, loaded.problems);
    return {};
  }
  return std::move(loaded.mission);
}

void settle_tasks(protocol::mission& mission, const setup& with) {
  const auto agents = all_agents(mission, with);
  actors::registry_rules registry{agents.size() + with.config.agents.size()
                                  + with.far.size()};
  for (const auto& card : with.far)
    static_cast<void>(registry.add(card));
  for (const auto& agent : with.config.agents)
    static_cast<void>(registry.add(agent.card));
  for (const auto& agent : agents) // which replace those of that name
    static_cast<void>(registry.add(agent.card)); // a bad one is not found
  for (auto& task : mission.tasks) {
    if (task.kind != protocol::task_kind::work)
      continue; // nobody performs it
    auto level = with.config.routing.tiers.of(task.urgency);
    if (const auto found = registry.find(
            {.name = task.agent, .skill = task.skill, .count_max = 1})) {
      task.agent = found->front().card->name;
      level = std::max(level, found->front().card->level);
    }
    if (!task.level)
      task.level = level;
  }
}

std::vector<protocol::agent_spec> all_agents(const protocol::mission& mission,
                                             const setup& with) {
  auto agents = mission.agents;
  std::unordered_set<std::string_view> names;
  for (const auto& agent : mission.agents)
    names.insert(agent.card.name);
  for (const auto& agent : with.agents)
    if (!names.contains(agent.card.name))
      agents.push_back(agent);
  return agents;
}

} // namespace troupe::cli
