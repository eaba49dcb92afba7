#include "commands.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "report/report_text.hpp"
#include "report/text_table.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/actors/registry_rules.hpp>
#include <troupe/protocol/json.hpp>
#include <troupe/protocol/nearest.hpp>
#include <troupe/runtime/roster.hpp>

#include <boost/json/serialize.hpp>
#include <boost/mp11/algorithm.hpp>

#include <filesystem>
#include <set>

namespace troupe::cli {

using report::grouped;
using report::text_table;

namespace {

std::string price_text(const protocol::model_spec& model,
                       protocol::money protocol::price_band::*field) {
  if (model.prices.empty())
    return "-";
  return for_people(model.prices.front().*field)
         + (model.prices.size() > 1 ? "*" : "");
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string models_table(const std::vector<protocol::model_spec>& models,
                         const report::page& on) {
  text_table table{{{"MODEL", false, true},
                    {"TIER"},
                    {"SPEED"},
                    {"INPUT/M", true},
                    {"OUTPUT/M", true},
                    {"CONTEXT", true},
                    {"ANSWER", true},
                    {"SKILLS", false, true}}};
  bool banded = false;
  for (const auto& model : models) {
    banded = banded || model.prices.size() > 1;
    table.add_row({{model.id},
                   {std::string(enum_name(model.level))},
                   {std::string(enum_name(model.pace))},
                   {price_text(model, &protocol::price_band::input)},
                   {price_text(model, &protocol::price_band::output)},
                   {grouped(model.context_tokens)},
                   {grouped(model.output_tokens)},
                   {joined(model.skills)}});
  }
  return table.text(on)
         + (banded ? "* dearer for long prompts; see --json\n" : "");
}

std::string agents_table(const std::vector<protocol::agent_spec>& agents,
                         const report::page& on) {
  text_table table{{{"AGENT", false, true},
                    {"TIER"},
                    {"SKILLS", false, true},
                    {"MODEL", false, true},
                    {"DESCRIPTION", false, true}}};
  for (const auto& agent : agents)
    table.add_row({{agent.card.name},
                   {std::string(enum_name(agent.card.level))},
                   {joined(agent.card.skills)},
                   {agent.model.empty() ? "-" : agent.model},
                   {agent.card.description}});
  return table.text(on);
}

std::string found_table(const protocol::agents_found& found,
                        const report::page& on) {
  text_table table{{{"AGENT", false, true},
                    {"SCORE", true},
                    {"TIER"},
                    {"SKILLS", false, true},
                    {"DESCRIPTION", false, true}}};
  for (std::size_t i = 0; i < found.agents.size(); ++i) {
    const auto& card = found.agents[i];
    table.add_row(
        {{card.name},
         {found.scores.empty() ? "-" : std::to_string(found.scores[i])},
         {std::string(enum_name(card.level))},
         {joined(card.skills)},
         {card.description}});
  }
  return table.text(on);
}

/// Asks as an orchestrator would ask the registry.
protocol::result<protocol::agents_found>
find_agents(const std::vector<protocol::agent_spec>& agents,
            const agents_arguments& given) {
  actors::registry_rules rules{agents.size()};
  for (const auto& agent : agents)
    if (auto added = rules.add(agent.card); !added)
      return added.error();
  protocol::discover_agents query;
  query.skill = given.skill;
  query.tags = given.tags;
  query.count_max = given.count;
  for (const auto& word : given.text)
    query.text += (query.text.empty() ? "" : " ") + word;
  (void)protocol::enum_from_name(given.tier, query.level); // empty: any
  const auto matches = rules.find(query);
  if (!matches)
    return matches.error();
  protocol::agents_found found;
  for (const auto& it : *matches) {
    found.agents.push_back(*it.card);
    if (!query.text.empty())
      found.scores.push_back(it.permille);
  }
  return found;
}

int show_found(const std::vector<protocol::agent_spec>& agents,
               const agents_arguments& given, console& on) {
  const auto found = find_agents(agents, given);
  if (!found)
    return refuse(found.error(), on);
  if (given.common.json)
    on.out.line(boost::json::serialize(protocol::to_json(*found)));
  else
    on.out.write(found_table(*found, page_for(on.out, given.common.no_color)));
  return exit_done;
}

std::string verified_text(const std::vector<protocol::agent_spec>& agents) {
  const auto counts = summarize(agents);
  const auto number = std::to_string(agents.size());
  return number + " of " + number
         + " agents verified\nbasic: " + std::to_string(counts.basic)
         + ", advanced: " + std::to_string(counts.advanced)
         + ", expert: " + std::to_string(counts.expert) + '\n';
}

/// Where a roster stands when nobody says where; empty: nowhere.
std::string usual_roster() {
  std::error_code ignored;
  for (const char* path : {"roster", "examples/roster"})
    if (std::filesystem::is_directory(path, ignored))
      return path;
  return {};
}

} // namespace

int list_models(const models_arguments& given, console& on) {
  if (given.refresh)
    return refresh_models(given, on);
  const auto with = load_setup(given.common, on);
  if (!with)
    return exit_bad_input;
  std::vector<protocol::model_spec> models;
  std::set<std::string> providers;
  for (const auto& model : with->models.all()) {
    providers.insert(model.provider);
    if ((given.tier.empty() || enum_name(model.level) == given.tier)
        && (given.provider.empty() || model.provider == given.provider))
      models.push_back(model);
  }
  if (!given.provider.empty() && !providers.contains(given.provider)) {
    const std::vector<std::string> known(providers.begin(), providers.end());
    on.err.line("troupe models: no models of provider '"
                + report::printable_line(given.provider) + "'"
                + protocol::did_you_mean(given.provider, known));
    return exit_bad_input;
  }
  if (given.common.json)
    on.out.line(boost::json::serialize(protocol::to_json(models)));
  else
    on.out.write(models_table(models, page_for(on.out, given.common.no_color)));
  return exit_done;
}

int list_agents(const agents_arguments& given, console& on) {
  auto path = given.path.empty() ? given.common.roster : given.path;
  if (path.empty())
    path = usual_roster();
  if (path.empty()) {
    on.err.line("troupe agents: which roster? Name a file or a folder of "
                "agents with --roster PATH");
    return exit_bad_input;
  }
  auto common = given.common;
  common.roster.clear(); // read below, once
  const auto with = load_setup(common, on);
  if (!with)
    return exit_bad_input;
  const auto loaded = load_roster(path, with->models.all());
  if (!loaded.problems.empty()) {
    tell(on, loaded.problems);
    return exit_bad_input;
  }
  if (given.find)
    return show_found(loaded.agents, given, on);
  if (given.verify)
    on.out.write(verified_text(loaded.agents));
  else if (given.common.json)
    on.out.line(boost::json::serialize(protocol::to_json(loaded.agents)));
  else
    on.out.write(
        agents_table(loaded.agents, page_for(on.out, given.common.no_color)));
  return exit_done;
}

std::vector<std::string> error_names() {
  std::vector<std::string> names;
  boost::mp11::mp_for_each<
      boost::describe::describe_enumerators<protocol::errc>>(
      [&](auto each) { names.emplace_back(each.name); });
  return names;
}

int explain_errors(const errors_arguments& given, console& on) {
  auto code = protocol::errc::internal;
  if (given.code.empty()) {
    text_table table{{{"CODE"}, {"RETRY"}, {"WHAT TO DO"}}};
    for (const auto& name : error_names()) {
      (void)protocol::enum_from_name(name, code);
      table.add_row({{name},
                     {std::string(enum_name(retry_of(code)))},
                     {std::string(advice_for(code))}});
    }
    on.out.write(table.text(page_for(on.out, given.common.no_color)));
    return exit_done;
  }
  if (!protocol::enum_from_name(given.code, code)) {
    on.err.line("troupe errors: unknown code '"
                + report::printable_line(given.code) + "'"
                + protocol::did_you_mean(given.code, error_names())
                + "; see 'troupe errors'");
    return exit_bad_input;
  }
  on.out.line(given.code + " (" + std::to_string(static_cast<unsigned>(code))
              + ")");
  on.out.line(advice_for(code));
  on.out.line("Retry: " + std::string(enum_name(retry_of(code))));
  return exit_done;
}

} // namespace troupe::cli
