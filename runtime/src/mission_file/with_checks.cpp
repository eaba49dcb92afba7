#include "mission_file/with_checks.hpp"

#include <troupe/protocol/nearest.hpp>
#include <troupe/protocol/reference.hpp>

#include <algorithm>

namespace troupe::mission_file {

namespace {

/// What a placeholder needs beside it; empty: nothing.
std::string lacks_for(std::string_view word, const task_draft& task) {
  const bool has_parts = !task.foreach.empty();
  const bool has_items = !task.items.empty();
  if (word == "inputs" || word == "mission")
    return {};
  if (word == "round")
    return task.rounds_max == 0 ? "'repeat'" : "";
  if (word == "item" || word == "part")
    return has_parts || has_items ? "" : "'foreach'";
  return has_parts ? "" : "'foreach'";
}

/// What is wrong with a placeholder; empty: nothing.
std::string fault_of(const std::string& word, const task_draft& task) {
  const auto& names = placeholder_names();
  if (std::find(names.begin(), names.end(), word) == names.end())
    return "unknown placeholder {{" + word + "}}"
           + protocol::did_you_mean(word, names);
  const auto lacks = lacks_for(word, task);
  return lacks.empty() ? std::string{}
                       : "{{" + word + "}} needs " + lacks + " in this task";
}

void check_words(const std::string& text, const task_draft& task,
                 const yaml::node& place, yaml::problems& found) {
  for (const auto& word : placeholders_in(text))
    if (auto fault = fault_of(word, task); !fault.empty())
      found.add(place, std::move(fault));
}

/// What is wrong with a reference of `with`; empty: nothing.
std::string fault_of(const protocol::reference& it, const task_draft& task,
                     const mission_draft& draft) {
  if (it.from == protocol::reference::source::input) {
    std::vector<std::string> names;
    for (const auto& input : draft.inputs)
      names.push_back(input.name);
    if (std::find(names.begin(), names.end(), it.name) != names.end())
      return {};
    return "refers to an unknown input " + yaml::in_quotes(it.name)
           + protocol::did_you_mean(it.name, names);
  }
  const auto& needs = task.spec.needs;
  if (std::find(needs.begin(), needs.end(), it.name) != needs.end()
      || (task.rounds_max != 0 && it.name == task.spec.id))
    return {};
  return "refers to " + yaml::in_quotes(it.name) + ", which it does not need"
         + protocol::did_you_mean(it.name, needs);
}

} // namespace

void check_placeholders(const task_draft& task, const yaml::node& at,
                        yaml::problems& found) {
  check_words(task.spec.prompt, task, yaml::nearest_node(at, "/prompt"), found);
  for (const auto& it : task.with)
    check_words(it.text, task, yaml::nearest_node(at, "/with/" + it.name),
                found);
}

void check_with_texts(const task_draft& task, const mission_draft& draft,
                      const yaml::node& at, yaml::problems& found) {
  for (const auto& it : task.with) {
    const auto& place = yaml::nearest_node(at, "/with/" + it.name);
    const auto inside = protocol::references_in(it.text);
    if (!inside) {
      found.add(place, inside.error().detail);
      continue;
    }
    for (const auto& one : *inside)
      if (auto fault = fault_of(one, task, draft); !fault.empty())
        found.add(place, "with " + yaml::in_quotes(it.name) + ": " + fault);
  }
}

} // namespace troupe::mission_file
