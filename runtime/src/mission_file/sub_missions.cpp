#include "mission_file/sub_missions.hpp"

#include "mission_file/mission_reader.hpp"
#include "mission_file/own_references.hpp"

#include <troupe/protocol/nearest.hpp>

#include <algorithm>
#include <set>

namespace troupe::mission_file {

namespace {

using protocol::task_kind;

constexpr std::size_t depth_max = 8;

/// One mission on its way into the task that stands for it.
class inlining {
public:
  inlining(const task_draft& outer, mission_draft inner, mission_draft& to)
      : outer_(outer), inner_(std::move(inner)), to_(to) {
    for (const auto& task : inner_.tasks)
      tasks_.insert(task.spec.id);
    for (const auto& it : outer_.with)
      given_.insert(it.name);
  }

  void run() {
    const auto& id = outer_.spec.id;
    if (!outer_.spec.needs.empty() || !outer_.spec.when.empty()) {
      auto& start = add_node("start", task_kind::join);
      start.spec.needs = outer_.spec.needs;
      start.spec.when = outer_.spec.when;
      start.spec.prompt = " ";
    }
    for (const auto& it : outer_.with) {
      auto& text = add_node(it.name, task_kind::join);
      text.spec.needs = outer_.spec.needs;
      text.spec.prompt = it.text;
      add_start(text);
    }
    for (auto& input : inner_.inputs)
      if (!given_.contains(input.name)) {
        input.name = below(input.name);
        to_.inputs.push_back(std::move(input));
      }
    add_agents();
    if (outer_.spec.budget != protocol::money::max())
      to_.head.groups.push_back({id, outer_.spec.budget});
    for (auto& task : inner_.tasks)
      add_task(std::move(task));
    auto& caps = to_.head.caps;
    caps.insert(caps.end(), inner_.head.caps.begin(), inner_.head.caps.end());
    auto& end = to_.tasks.emplace_back();
    end.spec.id = id;
    end.spec.kind = task_kind::pick;
    end.spec.needs = {below(inner_.result)};
    end.spec.may_fail = outer_.spec.may_fail;
  }

private:
  [[nodiscard]] std::string below(const std::string& name) const {
    return outer_.spec.id + '/' + name;
  }

  task_draft& add_node(const std::string& name, task_kind kind) {
    auto& it = to_.tasks.emplace_back();
    it.spec.id = below(name);
    it.spec.kind = kind;
    return it;
  }

  /// What has no needs of its own waits for those of the whole.
  void add_start(task_draft& it) {
    if (!outer_.spec.needs.empty() || !outer_.spec.when.empty())
      it.spec.needs.push_back(below("start"));
  }

  void add_agents() {
    for (auto& agent : inner_.agents)
      if (std::none_of(to_.agents.begin(), to_.agents.end(),
                       [&](const auto& other) {
                         return other.spec.card.name == agent.spec.card.name;
                       }))
        to_.agents.push_back(std::move(agent));
  }

  [[nodiscard]] std::string translated(std::string text) const {
    for (const auto& task : tasks_)
      text = renamed(text, task, below(task));
    for (const auto& input : inner_inputs())
      text = renamed_input(text, input, below(input), given_.contains(input));
    return text;
  }

  [[nodiscard]] std::set<std::string> inner_inputs() const {
    auto all = given_;
    const auto prefix = outer_.spec.id + '/';
    for (const auto& input : to_.inputs)
      if (input.name.starts_with(prefix))
        all.insert(input.name.substr(prefix.size()));
    return all;
  }

  void add_task(task_draft task) {
    auto& spec = task.spec;
    const bool is_first = spec.needs.empty();
    spec.id = below(spec.id);
    for (auto& need : spec.needs)
      need = below(need);
    std::vector<std::string> inputs;
    for (const auto& input : spec.inputs)
      if (given_.contains(input))
        spec.needs.push_back(below(input));
      else
        inputs.push_back(below(input));
    spec.inputs = std::move(inputs);
    spec.prompt = translated(std::move(spec.prompt));
    for (const auto& it : outer_.with)
      if (spec.prompt.find("${" + below(it.name) + ".output")
          != std::string::npos)
        add_need(spec, below(it.name));
    spec.when = translated(std::move(spec.when));
    task.until = translated(std::move(task.until));
    task.items = translated(std::move(task.items));
    if (!task.foreach.empty())
      task.foreach = below(task.foreach);
    if (is_first)
      add_start(task);
    if (!spec.models && inner_.head.models != protocol::model_terms{})
      spec.models = inner_.head.models;
    if (spec.group.empty() && outer_.spec.budget != protocol::money::max())
      spec.group = outer_.spec.id;
    to_.tasks.push_back(std::move(task));
  }

  static void add_need(protocol::task_spec& spec, const std::string& need) {
    if (std::find(spec.needs.begin(), spec.needs.end(), need)
        == spec.needs.end())
      spec.needs.push_back(need);
  }

  const task_draft& outer_;
  mission_draft inner_;
  mission_draft& to_;
  std::set<std::string> tasks_;
  std::set<std::string> given_;
};

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
      if (other.foreach == it.name)
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

struct loading {
  const read_context& where;
  const draft_check& check;
  std::vector<std::filesystem::path> around; ///< Files, outermost first.

  void run(mission_draft& draft, const yaml::node& root,
           const std::filesystem::path& folder, yaml::problems& found) {
    const auto tasks = std::exchange(draft.tasks, {});
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (tasks[i].mission_file.empty()) {
        draft.tasks.push_back(tasks[i]);
        continue;
      }
      const auto& at = yaml::nearest_node(root, "/tasks/" + std::to_string(i));
      if (auto inner = load(tasks[i], at, folder, found))
        inlining{tasks[i], std::move(*inner), draft}.run();
    }
  }

  std::optional<mission_draft> load(const task_draft& task,
                                    const yaml::node& at,
                                    const std::filesystem::path& folder,
                                    yaml::problems& found) {
    const auto& place = yaml::nearest_node(at, "/mission");
    const auto path = (folder / task.mission_file).lexically_normal();
    if (std::find(around.begin(), around.end(), path) != around.end()
        || around.size() >= depth_max) {
      found.add(place, "missions stand in each other, or more than 8 deep");
      return std::nullopt;
    }
    yaml::problems here{path.string()};
    std::optional<mission_draft> inner;
    if (const auto root = yaml::load(path, here)) {
      auto options = where.options;
      options.inputs.clear(); // of the whole, not of its parts
      const read_context inside{path.parent_path(), true, options, here};
      inner = read_mission(*root, inside);
      check(*inner, *root, inside);
      set_result(*inner, *root, here);
      check_with(task, *inner, at, found);
      if (here.empty()) {
        around.push_back(path);
        run(*inner, *root, path.parent_path(), here);
        around.pop_back();
      }
    }
    const bool is_good = here.empty();
    for (auto& one : here.take())
      found.add(std::move(one));
    return is_good ? std::move(inner) : std::nullopt;
  }
};

} // namespace

void inline_missions(mission_draft& draft, const yaml::node& root,
                     const read_context& where, const draft_check& check) {
  loading{where, check, {}}.run(draft, root, where.folder, where.found);
}

} // namespace troupe::mission_file
