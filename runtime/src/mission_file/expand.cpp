#include "mission_file/draft_index.hpp"
#include "mission_file/own_references.hpp"
#include "mission_file/placeholders.hpp"

#include <algorithm>
#include <set>

namespace troupe::mission_file {

namespace {

std::vector<std::string> expanded_needs(const task_draft& task,
                                        std::size_t part,
                                        const draft_index& index) {
  std::vector<std::string> needs;
  for (const auto& id : task.spec.needs) {
    const auto* need = index.task(id);
    if (need != nullptr && is_part_by_part(task, *need))
      needs.push_back(numbered(id, part + 1));
    else if (need == nullptr || need->foreach.empty())
      needs.push_back(id);
    else
      for (std::size_t i = 0; i < index.parts_of(*need); ++i)
        needs.push_back(numbered(id, i + 1));
  }
  return needs;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// With each reference to a task that is done part by part made to its part.
std::string of_part(std::string_view text, const task_draft& task,
                    std::size_t part, const draft_index& index) {
  return rewritten(
      text,
      [&](const auto& it, std::string_view rest) -> std::optional<std::string> {
        if (it.from == protocol::reference::source::input)
          return std::nullopt;
        const auto* need = index.task(it.name);
        if (need == nullptr || !is_part_by_part(task, *need))
          return std::nullopt;
        return "${" + numbered(it.name, part + 1) + std::string{rest};
      });
}

protocol::task_spec one_task(const task_draft& task, std::size_t part,
                             const std::string& mission,
                             const draft_index& index) {
  auto spec = task.spec;
  const auto* source =
      task.foreach.empty() ? nullptr : index.input(task.foreach);
  spec.needs = expanded_needs(task, part, index);
  if (source != nullptr) {
    spec.id = numbered(spec.id, part + 1);
    spec.inputs.push_back(numbered(source->name, part + 1));
    spec.prompt = of_part(spec.prompt, task, part, index);
    spec.when = of_part(spec.when, task, part, index);
  }
  spec.prompt = fill_placeholders(spec.prompt, [&](std::string_view word) {
    if (word == "inputs")
      return joined(spec.inputs);
    if (word == "mission")
      return mission;
    if (source == nullptr)
      return "{{" + std::string{word} + "}}";
    if (word == "item")
      return "${inputs." + numbered(source->name, part + 1) + "}";
    if (word == "part")
      return std::to_string(part + 1);
    if (word == "parts")
      return std::to_string(source->pieces.size());
    return without_meaning(source->pieces[part].title);
  });
  return spec;
}

/// Adds the inputs that a text refers to.
void add_referred(std::string_view text, std::set<std::string>& to) {
  if (const auto inside = protocol::references_in(text))
    for (const auto& it : *inside)
      if (it.from == protocol::reference::source::input)
        to.insert(it.name);
}

/// Whole texts that some task reads, and the parts of each `foreach`.
void move_inputs(mission_draft& draft, protocol::mission& m) {
  std::set<std::string> whole;
  std::set<std::string_view> in_parts;
  for (const auto& task : draft.tasks) {
    whole.insert(task.spec.inputs.begin(), task.spec.inputs.end());
    add_referred(task.spec.prompt, whole);
    add_referred(task.spec.when, whole);
    if (!task.foreach.empty())
      in_parts.insert(task.foreach);
  }
  for (const auto& input : draft.inputs)
    if (input.are_pieces_read)
      in_parts.insert(input.name);
  for (auto& input : draft.inputs) {
    const bool has_reader = whole.contains(input.name);
    if (in_parts.contains(input.name))
      for (std::size_t i = 0; i < input.pieces.size(); ++i)
        m.inputs.push_back(
            {numbered(input.name, i + 1), std::move(input.pieces[i].text)});
    if (has_reader || !in_parts.contains(input.name))
      m.inputs.push_back({input.name, std::move(input.text)});
  }
}

} // namespace

protocol::mission plain_mission(const mission_draft& draft) {
  const draft_index index{draft};
  auto m = draft.head;
  for (const auto& input : draft.inputs)
    m.inputs.push_back({input.name, input.text});
  m.agents = roster::specs_of(draft.agents);
  for (const auto& task : draft.tasks) {
    m.tasks.push_back(task.spec);
    if (task.rounds_max != 0) // it may refer to its own last round
      m.tasks.back().prompt =
          without_references(task.spec.prompt, task.spec.id);
    // Its part is an input too: a gate may ask for what is grounded in it.
    auto& inputs = m.tasks.back().inputs;
    if (index.input(task.foreach) != nullptr
        && std::find(inputs.begin(), inputs.end(), task.foreach)
               == inputs.end())
      inputs.push_back(task.foreach);
  }
  return m;
}

protocol::mission expand(mission_draft draft) {
  auto m = draft.head;
  m.agents = roster::specs_of(draft.agents);
  const draft_index index{draft};
  for (const auto& task : draft.tasks)
    for (std::size_t part = 0; part < index.parts_of(task); ++part)
      m.tasks.push_back(one_task(task, part, m.name, index));
  move_inputs(draft, m);
  return m;
}

} // namespace troupe::mission_file
