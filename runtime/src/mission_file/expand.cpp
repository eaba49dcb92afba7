#include "mission_file/draft.hpp"
#include "mission_file/own_references.hpp"
#include "mission_file/placeholders.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace troupe::mission_file {

namespace {

/// Finds drafts by name.
class draft_index {
public:
  explicit draft_index(const mission_draft& draft) {
    for (const auto& task : draft.tasks)
      tasks_.emplace(task.spec.id, &task);
    for (const auto& input : draft.inputs)
      inputs_.emplace(input.name, &input);
  }

  [[nodiscard]] const task_draft* task(std::string_view id) const {
    auto at = tasks_.find(id);
    return at == tasks_.end() ? nullptr : at->second;
  }

  [[nodiscard]] const input_draft* input(std::string_view name) const {
    auto at = inputs_.find(name);
    return at == inputs_.end() ? nullptr : at->second;
  }

  /// How many tasks a draft becomes.
  [[nodiscard]] std::size_t parts_of(const task_draft& task) const {
    const auto* source = task.foreach.empty() ? nullptr : input(task.foreach);
    return source == nullptr ? 1 : source->pieces.size();
  }

private:
  std::unordered_map<std::string_view, const task_draft*> tasks_;
  std::unordered_map<std::string_view, const input_draft*> inputs_;
};

std::string part_name(std::string_view name, std::size_t part) {
  return std::string{name} + '#' + std::to_string(part + 1);
}

bool is_part_by_part(const task_draft& task, const task_draft& need) {
  return !task.foreach.empty() && task.foreach == need.foreach;
}

std::vector<std::string> expanded_needs(const task_draft& task,
                                        std::size_t part,
                                        const draft_index& index) {
  std::vector<std::string> needs;
  for (const auto& id : task.spec.needs) {
    const auto* need = index.task(id);
    if (need == nullptr || need->foreach.empty())
      needs.push_back(id);
    else if (is_part_by_part(task, *need))
      needs.push_back(part_name(id, part));
    else
      for (std::size_t i = 0; i < index.parts_of(*need); ++i)
        needs.push_back(part_name(id, i));
  }
  return needs;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

protocol::task_spec one_task(const task_draft& task, std::size_t part,
                             const std::string& mission,
                             const draft_index& index) {
  auto spec = task.spec;
  const auto* source =
      task.foreach.empty() ? nullptr : index.input(task.foreach);
  spec.needs = expanded_needs(task, part, index);
  if (source != nullptr) {
    spec.id = part_name(spec.id, part);
    spec.inputs.push_back(part_name(source->name, part));
  }
  spec.prompt = fill_placeholders(task.spec.prompt, [&](std::string_view word) {
    if (word == "inputs")
      return joined(spec.inputs);
    if (word == "mission")
      return mission;
    if (source == nullptr)
      return std::string{};
    if (word == "part")
      return std::to_string(part + 1);
    if (word == "parts")
      return std::to_string(source->pieces.size());
    return source->pieces[part].title;
  });
  return spec;
}

/// Whole texts that some task reads, and the parts of each `foreach`.
void move_inputs(mission_draft& draft, protocol::mission& m) {
  std::set<std::string_view> whole;
  std::set<std::string_view> in_parts;
  for (const auto& task : draft.tasks) {
    whole.insert(task.spec.inputs.begin(), task.spec.inputs.end());
    if (!task.foreach.empty())
      in_parts.insert(task.foreach);
  }
  for (auto& input : draft.inputs) {
    const bool has_reader = whole.contains(input.name);
    if (in_parts.contains(input.name))
      for (std::size_t i = 0; i < input.pieces.size(); ++i)
        m.inputs.push_back(
            {part_name(input.name, i), std::move(input.pieces[i].text)});
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

expanded_size size_of_expanded(const mission_draft& draft) {
  const draft_index index{draft};
  expanded_size size;
  for (const auto& task : draft.tasks) {
    const auto parts = index.parts_of(task);
    std::size_t needs = task.spec.inputs.size() + 1;
    for (const auto& id : task.spec.needs) {
      const auto* need = index.task(id);
      const bool is_one = need == nullptr || is_part_by_part(task, *need);
      needs += is_one ? 1 : index.parts_of(*need);
    }
    size.tasks += parts;
    size.needs += parts * needs;
  }
  return size;
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
