#include "mission_file/mission_reader.hpp"

#include "mission_file/rules_reader.hpp"
#include "mission_file/terms_reader.hpp"
#include "mission_file/with_checks.hpp"
#include "troupe/protocol/condition.hpp"
#include "troupe/protocol/mission_check.hpp"
#include "troupe/protocol/nearest.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace troupe::mission_file {

namespace {

using namespace std::chrono_literals;

constexpr protocol::mission_limits most;

task_draft read_task(const yaml::node& at, const protocol::money& whole,
                     yaml::problems& found) {
  task_draft draft;
  auto& spec = draft.spec;
  yaml::mapping fields{at, found};
  fields.text("id", spec.id);
  fields.text("agent", spec.agent);
  fields.text("skill", spec.skill);
  fields.texts("needs", spec.needs);
  fields.texts("inputs", spec.inputs);
  read_foreach(fields, draft);
  fields.text("prompt", spec.prompt);
  fields.choice("priority", spec.urgency);
  if (fields.has("tier")) {
    auto level = protocol::tier::basic;
    fields.choice("tier", level);
    spec.level = level;
  } else {
    fields.any("tier");
  }
  fields.text("model", spec.model);
  fields.integer("max_output_tokens", spec.output_tokens_max, 1U,
                 most.output_tokens);
  fields.duration("timeout", spec.timeout, 1ms, most.timeout);
  fields.integer("attempts", spec.attempts_max, 1U, most.attempts);
  fields.money_of("budget", whole, spec.budget);
  read_rules(fields, draft);
  read_sub_mission(fields, draft);
  if (protocol::model_terms terms; read_terms(fields, terms))
    spec.models = std::move(terms);
  fields.finish();
  return draft;
}

/// Part ids are made here, so a written id may not look like one.
void check_id(const task_draft& task, const yaml::node& at,
              yaml::problems& found) {
  if (task.spec.id.find('#') != std::string::npos)
    found.add(yaml::nearest_node(at, "/id"),
              "'#' in an id is kept for the parts of a 'foreach'");
}

void check_foreach(const task_draft& task, const mission_draft& draft,
                   const yaml::node& at, yaml::problems& found) {
  if (task.foreach.empty())
    return;
  std::vector<std::string> names;
  for (const auto& input : draft.inputs) {
    names.push_back(input.name);
    if (input.name != task.foreach)
      continue;
    if (!input.has_pieces)
      found.add(yaml::nearest_node(at, "/foreach"),
                "the input " + yaml::in_quotes(task.foreach)
                    + " has no parts: give it 'split' or 'files'");
    return;
  }
  found.add(yaml::nearest_node(at, "/foreach"),
            "unknown input " + yaml::in_quotes(task.foreach)
                + protocol::did_you_mean(task.foreach, names));
}

bool is_needed(const task_draft& task, const std::string& name) {
  const auto& needs = task.spec.needs;
  return std::find(needs.begin(), needs.end(), name) != needs.end();
}

void check_loop(const task_draft& task, const yaml::node& at,
                yaml::problems& found) {
  if (task.rounds_max == 0)
    return;
  const auto& place = yaml::nearest_node(at, "/repeat/until");
  if (!task.foreach.empty() || !task.items.empty())
    found.add(place, "a task has 'foreach' or 'repeat', not both");
  const auto read = protocol::condition::parse(task.until);
  if (!read)
    return found.add(place, read.error().detail);
  for (const auto& it : read->references())
    if (it.from != protocol::reference::source::input && it.name != task.spec.id
        && !is_needed(task, it.name))
      found.add(place, "refers to " + yaml::in_quotes(it.name)
                           + ", which is neither this task nor needed by it");
}

void check_items(const task_draft& task, const yaml::node& at,
                 yaml::problems& found) {
  if (task.items.empty())
    return;
  const auto& place = yaml::nearest_node(at, "/foreach/of");
  const auto inside = protocol::references_in(task.items);
  if (!inside)
    found.add(place, inside.error().detail);
  else if (inside->size() != 1 || inside->front().size != task.items.size())
    found.add(place, "expected one reference to a list, as in "
                     "${plan.output.items}");
  else if (inside->front().from != protocol::reference::source::input
           && !is_needed(task, inside->front().name))
    found.add(place, "refers to " + yaml::in_quotes(inside->front().name)
                         + ", which it does not need");
}

void check_model(const task_draft& task, const yaml::node& at,
                 const read_context& where) {
  const auto& models = where.options.models;
  if (task.spec.model.empty() || models.empty())
    return;
  std::vector<std::string> ids;
  for (const auto& model : models)
    ids.push_back(model.id);
  if (std::find(ids.begin(), ids.end(), task.spec.model) == ids.end())
    where.found.add(yaml::nearest_node(at, "/model"),
                    "unknown model " + yaml::in_quotes(task.spec.model)
                        + protocol::did_you_mean(task.spec.model, ids));
}

void read_tasks(yaml::mapping& fields, mission_draft& draft,
                const read_context& where) {
  const auto* list = fields.list("tasks");
  if (list == nullptr)
    return;
  for (const auto& item : list->items) {
    draft.tasks.push_back(read_task(item, draft.head.budget, where.found));
    if (where.found.is_full())
      continue;
    const auto& task = draft.tasks.back();
    check_id(task, item, where.found);
    check_foreach(task, draft, item, where.found);
    check_placeholders(task, item, where.found);
    check_with_texts(task, draft, item, where.found);
    check_loop(task, item, where.found);
    check_items(task, item, where.found);
    check_model(task, item, where);
  }
}

void read_roster(yaml::mapping& fields, mission_draft& draft,
                 const read_context& where) {
  std::vector<std::string> paths;
  fields.texts("roster", paths);
  if (!paths.empty() && !where.files_allowed) {
    where.found.add(*fields.at().find("roster"),
                    "no roster is read for a mission that came as text");
    return;
  }
  for (const auto& path : paths) {
    const auto whole = (where.folder / path).lexically_normal();
    auto agents = roster::read_agents(whole, whole.string(), where.found);
    std::move(agents.begin(), agents.end(), std::back_inserter(draft.agents));
  }
}

} // namespace

mission_draft read_mission(const yaml::node& root, const read_context& where) {
  mission_draft draft;
  auto& head = draft.head;
  yaml::mapping fields{root, where.found};
  fields.text("mission", head.name);
  fields.text("description", head.description);
  fields.money("budget", head.budget);
  fields.duration("deadline", head.deadline, 1ms, most.deadline);
  fields.integer("concurrency", head.concurrency, 1U, most.concurrency);
  fields.choice("schedule", head.order);
  fields.texts("tags", head.tags);
  fields.choices("on_shortage", head.on_shortage);
  read_terms(fields, head.models);
  read_caps(fields, head.caps);
  fields.boolean("reuse", head.reuse.is_on);
  read_roster(fields, draft, where);
  if (const auto* list = fields.list("agents"))
    for (const auto& item : list->items)
      draft.agents.push_back(
          roster::read_agent(item, roster::tier_rule::optional, where.found));
  fields.text("result", draft.result);
  draft.inputs = read_inputs(fields, where);
  read_tasks(fields, draft, where);
  fields.finish();
  return draft;
}

field_place place_of(const yaml::node& root, std::string_view pointer) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> names{
      {{"/name", "/mission"},
       {"/order", "/schedule"},
       {"/urgency", "/priority"},
       {"/level", "/tier"},
       {"/output_tokens_max", "/max_output_tokens"},
       {"/attempts_max", "/attempts"},
       {"/output_schema", "/output"},
       {"/approval/expires", "/approve/expires"},
       {"/retries", "/retry"}}};
  std::string in_file{pointer};
  for (const auto& [field, key] : names)
    if (in_file.ends_with(field))
      in_file.replace(in_file.size() - field.size(), field.size(), key);
  if (in_file.starts_with("/inputs/")) {
    // The file has a mapping here, the struct a list in the same order.
    const auto& inputs = yaml::nearest_node(root, "/inputs");
    const auto index = std::strtoul(in_file.c_str() + 8, nullptr, 10);
    return index < inputs.items.size()
               ? field_place{&inputs.items[index], false}
               : field_place{&inputs, false};
  }
  const auto cut = in_file.rfind('/');
  if (cut == std::string::npos)
    return {&root, false};
  const auto* around = &yaml::nearest_node(root, in_file.substr(0, cut));
  const auto* at = &yaml::nearest_node(root, in_file);
  return {at, at != around};
}

} // namespace troupe::mission_file
