#include "mission_file/sub_missions.hpp"

#include "mission_file/inlining.hpp"
#include "mission_file/mission_reader.hpp"

#include <troupe/protocol/mission_check.hpp>
#include <troupe/protocol/nearest.hpp>

#include <algorithm>
#include <map>

namespace troupe::mission_file {

namespace {

constexpr std::size_t depth_max = 8;
constexpr std::size_t budgets_max = 3; // an account stands at most 8 deep

void check_with(const task_draft& task, const mission_draft& inner,
                const yaml::node& at, yaml::problems& found) {
  std::vector<std::string> names;
  for (const auto& input : inner.inputs)
    names.push_back(input.name);
  for (const auto& it : task.with)
    if (std::find(names.begin(), names.end(), it.name) == names.end())
      found.add(yaml::nearest_node(at, "/with"),
                "the mission has no input " + yaml::in_quotes(it.name)
                    + protocol::did_you_mean(it.name, names));
  for (const auto& other : inner.tasks)
    for (const auto& it : task.with)
      if (other.foreach == it.name || other.parts_of == it.name)
        found.add(yaml::nearest_node(at, "/with"),
                  yaml::in_quotes(it.name)
                      + " is taken in parts there and cannot be given");
}

void set_result(mission_draft& inner, const yaml::node& root,
                yaml::problems& found) {
  if (inner.result.empty() && !inner.tasks.empty())
    inner.result = inner.tasks.back().spec.id;
  if (std::none_of(inner.tasks.begin(), inner.tasks.end(),
                   [&](const auto& it) { return it.spec.id == inner.result; }))
    found.add(yaml::nearest_node(root, "/result"),
              "unknown task " + yaml::in_quotes(inner.result));
}

/// A mission as it stands in others, and what it takes there.
struct inner_mission {
  std::optional<mission_draft> draft; ///< Null: it cannot be read.
  bool is_good = false;
  std::size_t height = 1;  ///< Missions in each other, with it.
  std::size_t budgets = 0; ///< Of missions in each other, without its own.
  expanded_size size;
};

class loading {
public:
  loading(const read_context& where, const draft_check& check)
      : where_(where), check_(check) {}

  /// Puts the missions in `draft` in their places, and tells `whole`, which
  /// it is the draft of, of them.
  void run(mission_draft& draft, inner_mission& whole, const yaml::node& root,
           const std::filesystem::path& folder, yaml::problems& found) {
    auto size = size_of_expanded(draft);
    const auto tasks = std::exchange(draft.tasks, {});
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (tasks[i].mission_file.empty()) {
        draft.tasks.push_back(tasks[i]);
        continue;
      }
      const auto& at = yaml::nearest_node(root, "/tasks/" + std::to_string(i));
      const auto& place = yaml::nearest_node(at, "/mission");
      const auto* inner = load(tasks[i], place, folder, found);
      if (inner == nullptr)
        continue;
      check_with(tasks[i], *inner->draft, at, found);
      if (!inner->is_good)
        continue;
      whole.height = std::max(whole.height, inner->height + 1);
      const std::size_t own =
          tasks[i].spec.budget == protocol::money::max() ? 0 : 1;
      whole.budgets = std::max(whole.budgets, inner->budgets + own);
      if (whole.budgets > budgets_max)
        found.add(yaml::nearest_node(at, "/budget"),
                  "budgets of missions in missions stand at most 3 deep");
      if (!fits(tasks[i], *inner, draft, size, place, found))
        break; // before it is made
      put(tasks[i], tasks, *inner->draft, draft);
    }
  }

private:
  static bool fits(const task_draft& task, const inner_mission& inner,
                   const mission_draft& in, expanded_size& size,
                   const yaml::node& place, yaml::problems& found) {
    const auto copies = copies_of(task, in);
    size.tasks += copies * (inner.size.tasks + task.with.size());
    size.needs += copies * inner.size.needs;
    size.bytes += copies * inner.size.bytes;
    auto wrong = too_large(size);
    const protocol::mission_limits limits;
    std::size_t bytes = 0;
    for (const auto* from : {&in, &*inner.draft})
      for (const auto& it : from->inputs)
        bytes += it.text.size();
    if (bytes > limits.inputs_bytes
        || in.inputs.size() + inner.draft->inputs.size() > limits.inputs)
      wrong.emplace_back("with those of that mission, there are more than "
                         "20,000 inputs or 128 MiB of them: give them by "
                         "'with'");
    for (const auto& it : wrong)
      found.add(place, it);
    return wrong.empty();
  }

  static void put(const task_draft& task, const std::vector<task_draft>& beside,
                  const mission_draft& inner, mission_draft& to) {
    add_common(task, inner, to);
    for (auto& it : copies(task, beside, to))
      if (it.mission_file.empty())
        to.tasks.push_back(std::move(it));
      else
        put_in_place(it, task.spec.id, inner, to);
  }

  /// The task for each of its rounds, items or parts.
  static std::vector<task_draft> copies(const task_draft& task,
                                        const std::vector<task_draft>& beside,
                                        mission_draft& in) {
    for (auto& input : in.inputs) {
      if (task.foreach.empty() || input.name != task.foreach)
        continue;
      input.are_pieces_read = true;
      std::vector<std::string> same_part;
      for (const auto& other : beside)
        if (other.foreach == task.foreach)
          same_part.push_back(other.spec.id);
      return unrolled_parts(task, input, same_part);
    }
    return unrolled(task);
  }

  /// Null, and problems added: it cannot stand there.
  const inner_mission* load(const task_draft& task, const yaml::node& place,
                            const std::filesystem::path& folder,
                            yaml::problems& found) {
    if (!where_.files_allowed) {
      found.add(place, "no other mission is read for one that came as text");
      return nullptr;
    }
    const auto path = (folder / task.mission_file).lexically_normal();
    const bool is_around =
        std::find(around_.begin(), around_.end(), path) != around_.end();
    auto known = known_.find(path);
    if (!is_around && known == known_.end() && around_.size() < depth_max)
      known = known_.emplace(path, read(path, found)).first;
    if (is_around || known == known_.end()
        || around_.size() + known->second.height > depth_max) {
      found.add(place, "missions stand in each other, or more than 8 deep");
      return nullptr;
    }
    return known->second.draft ? &known->second : nullptr;
  }

  /// Each file once, however many tasks name it.
  inner_mission read(const std::filesystem::path& path, yaml::problems& found) {
    inner_mission made;
    yaml::problems here{path.string()};
    if (const auto root = yaml::load(path, here)) {
      auto options = where_.options;
      options.inputs.clear(); // of the whole, not of its parts
      const read_context inside{path.parent_path(), true, options, here};
      made.draft = read_mission(*root, inside);
      check_(*made.draft, *root, inside);
      set_result(*made.draft, *root, here);
      if (here.empty()) {
        around_.push_back(path);
        run(*made.draft, made, *root, path.parent_path(), here);
        around_.pop_back();
      }
    }
    made.is_good = here.empty();
    if (made.is_good)
      made.size = size_of_expanded(*made.draft);
    for (auto& one : here.take())
      found.add(std::move(one));
    return made;
  }

  const read_context& where_;
  const draft_check& check_;
  std::vector<std::filesystem::path> around_; // files, outermost first
  std::map<std::filesystem::path, inner_mission> known_;
};

} // namespace

void inline_missions(mission_draft& draft, const yaml::node& root,
                     const read_context& where, const draft_check& check) {
  inner_mission whole;
  loading{where, check}.run(draft, whole, root, where.folder, where.found);
}

} // namespace troupe::mission_file
