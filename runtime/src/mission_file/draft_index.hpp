#pragma once

#include "mission_file/draft.hpp"

#include <string_view>
#include <unordered_map>

namespace troupe::mission_file {

/// Finds drafts by name. The draft must outlive it unchanged.
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

  /// How many tasks its `foreach` over an input makes of a draft.
  [[nodiscard]] std::size_t parts_of(const task_draft& task) const {
    const auto* source = task.foreach.empty() ? nullptr : input(task.foreach);
    return source == nullptr ? 1 : source->pieces.size();
  }

private:
  std::unordered_map<std::string_view, const task_draft*> tasks_;
  std::unordered_map<std::string_view, const input_draft*> inputs_;
};

/// `digest#3`: the name of a part, a round or an item, from 1.
[[nodiscard]] inline std::string numbered(std::string_view name,
                                          std::size_t number) {
  return std::string{name} + '#' + std::to_string(number);
}

/// A task for each part that needs another for the same part only.
[[nodiscard]] inline bool is_part_by_part(const task_draft& task,
                                          const task_draft& need) {
  return !task.foreach.empty()
         && (task.foreach == need.foreach || task.foreach == need.parts_of);
}

} // namespace troupe::mission_file
