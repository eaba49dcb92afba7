#pragma once

#include "mission_file/split.hpp"
#include "roster/agent_reader.hpp"
#include "troupe/protocol/mission.hpp"
#include "yaml/document.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace troupe::mission_file {

/// An input with its text, and its pieces when it is split or many files.
struct input_draft {
  std::string name;
  std::string text;
  std::vector<text_piece> pieces;
  bool has_pieces = false;
  bool are_pieces_read = false; ///< Also where no task has it as `foreach`.
};

/// A task as written: one for all parts of its `foreach`.
struct task_draft {
  protocol::task_spec spec;
  std::string foreach; ///< Name of an input; empty: one task.
  std::string items;   ///< Reference to a list; a task for each of its items.
  std::uint32_t items_max = 0;
  std::string until; ///< Condition after which it is not done once more.
  std::uint32_t rounds_max = 0;
  std::string mission_file; ///< It stands for the tasks of that mission.
  std::vector<protocol::task_input> with{}; ///< Texts for its inputs.
  std::string parts_of{}; ///< It joins what was made for each part of an input.
};

/// A mission as written, before `foreach` is worked out.
struct mission_draft {
  protocol::mission head; ///< Without inputs, agents and tasks.
  std::vector<input_draft> inputs;
  std::vector<roster::agent_draft> agents;
  std::vector<task_draft> tasks;
  std::string result; ///< Task that gives its result; empty: the last one.
};

/// The draft as a mission in which each `foreach` is still one task.
[[nodiscard]] protocol::mission plain_mission(const mission_draft& draft);

/// Works out `repeat` and `foreach` over a list that a task gives, as tasks
/// with conditions: `draft` with at most 3 rounds becomes `draft#1` to
/// `draft#3`, and `draft`, which gives what the last round gave that ran. The
/// draft must be free of problems.
void unroll(mission_draft& draft);

/// `unroll` for one task. One without a loop stays as it is.
[[nodiscard]] std::vector<task_draft> unrolled(task_draft task);

/// A task for each part of the input that is the task's `foreach`, and one that
/// joins what they give. Of the tasks in `same_part` each needs its part only.
[[nodiscard]] std::vector<task_draft>
unrolled_parts(const task_draft& task, const input_draft& input,
               const std::vector<std::string>& same_part);

/// How large a draft becomes: counted before anything is made.
struct expanded_size {
  std::size_t tasks = 0;
  std::size_t needs = 0; ///< With inputs; of all tasks together.
  std::size_t bytes = 0; ///< Of the texts of tasks, at most.
};
[[nodiscard]] expanded_size size_of_expanded(const mission_draft& draft);

/// How often a task that stands for a mission puts that mission in its place.
[[nodiscard]] std::size_t copies_of(const task_draft& task,
                                    const mission_draft& in);

/// What is too much of it, in words; empty: nothing.
[[nodiscard]] std::vector<std::string> too_large(const expanded_size& it);

/// Makes one task per part: `digest#1` to `digest#n`. A task that needs
/// `digest` needs all of them; with the same `foreach` it needs the one of its
/// own part. Placeholders of prompts are filled in.
/// The draft must be free of problems.
[[nodiscard]] protocol::mission expand(mission_draft draft);

/// Placeholders that a prompt may hold; `part`, `parts` and `title` only in a
/// task with `foreach`.
[[nodiscard]] const std::vector<std::string>& placeholder_names();

/// The words in double braces of a prompt: `{{ part }}` gives `part`.
[[nodiscard]] std::vector<std::string> placeholders_in(std::string_view prompt);

/// Unless it needs it already.
inline void add_need(protocol::task_spec& spec, const std::string& need) {
  if (std::find(spec.needs.begin(), spec.needs.end(), need) == spec.needs.end())
    spec.needs.push_back(need);
}

} // namespace troupe::mission_file
