#include "mission_file/inlining.hpp"

#include "mission_file/own_references.hpp"

#include <algorithm>
#include <set>

namespace troupe::mission_file {

namespace {

using protocol::reference;
using protocol::task_kind;

/// One mission on its way into the task that stands for it.
class inlining {
public:
  inlining(const task_draft& outer, const std::string& loop,
           const mission_draft& inner, mission_draft& to)
      : outer_(outer), loop_(loop), inner_(inner), to_(to),
        has_start_(!outer.spec.needs.empty() || !outer.spec.when.empty()),
        has_budget_(outer.spec.budget != protocol::money::max()) {
    for (const auto& task : inner_.tasks)
      tasks_.insert(task.spec.id);
    for (const auto& it : inner_.inputs)
      inputs_.insert(it.name);
    for (const auto& it : outer_.with)
      given_.insert(it.name);
    start_ = node("start");
    for (const auto& name : given_)
      while (start_ == node(name))
        start_ += '_';
  }

  void run() {
    if (has_budget_)
      to_.head.groups.push_back({outer_.spec.id, outer_.spec.budget});
    for (const auto& it : inner_.head.groups)
      to_.head.groups.push_back({below(it.name), it.budget});
    if (has_start_) {
      auto& start = add_node(start_, task_kind::join);
      start.spec.needs = outer_.spec.needs;
      start.spec.when = outer_.spec.when;
      start.spec.prompt = " ";
    }
    for (const auto& it : outer_.with)
      add_given(it);
    for (const auto& task : inner_.tasks)
      add_task(task);
    add_end();
  }

private:
  [[nodiscard]] std::string below(const std::string& name) const {
    return outer_.spec.id + '/' + name;
  }

  /// Of a task that is added: of none that is there.
  [[nodiscard]] std::string node(std::string name) const {
    while (tasks_.contains(name))
      name += '_';
    return below(name);
  }

  task_draft& add_node(std::string id, task_kind kind) {
    auto& it = to_.tasks.emplace_back();
    it.spec.id = std::move(id);
    it.spec.kind = kind;
    if (outer_.spec.may_fail && it.spec.id != outer_.spec.id)
      it.spec.within = outer_.spec.id;
    return it;
  }

  void add_given(const protocol::task_input& given) {
    auto& it = add_node(node(given.name), task_kind::join);
    it.spec.needs = outer_.spec.needs;
    it.spec.prompt = given.text.empty() ? " " : given.text;
    if (!has_start_)
      return;
    it.spec.needs.push_back(start_);
    // It has other needs, which alone would not leave it out.
    it.spec.when = "${" + start_ + ".state} == \"done\"";
  }

  /// Gives what the result's task gives, with all of its parts.
  void add_end() {
    const auto result = std::find_if(
        inner_.tasks.begin(), inner_.tasks.end(),
        [&](const auto& it) { return it.spec.id == inner_.result; });
    const bool has_parts =
        result != inner_.tasks.end() && !result->foreach.empty();
    auto& end =
        add_node(outer_.spec.id, has_parts ? task_kind::join : task_kind::pick);
    end.spec.needs = {below(inner_.result)};
    end.spec.may_fail = outer_.spec.may_fail;
    end.spec.output_schema = outer_.spec.output_schema;
    end.spec.gate = outer_.spec.gate;
    end.spec.approval = outer_.spec.approval;
  }

  /// `book`, or `book#3` for its third part.
  [[nodiscard]] bool is_own_input(const std::string& name) const {
    return inputs_.contains(name)
           || inputs_.contains(name.substr(0, name.rfind('#')));
  }

  /// In one pass, so that no name is changed twice. What is given has to have
  /// come before: it is a need of `reader`.
  [[nodiscard]] std::string translated(const std::string& text,
                                       protocol::task_spec& reader) const {
    return rewritten(
        text,
        [&](const reference& it,
            std::string_view rest) -> std::optional<std::string> {
          const std::string behind{rest};
          if (it.from != reference::source::input)
            return tasks_.contains(it.name)
                       ? std::optional{"${" + below(it.name) + behind}
                       : std::nullopt;
          if (given_.contains(it.name)) {
            add_need(reader, node(it.name));
            return "${" + node(it.name) + ".output" + behind;
          }
          return is_own_input(it.name) ? std::optional{"${inputs." + loop_ + '/'
                                                       + it.name + behind}
                                       : std::nullopt;
        });
  }

  void set_inputs(protocol::task_spec& spec) const {
    std::vector<std::string> inputs;
    for (const auto& input : spec.inputs)
      if (given_.contains(input))
        add_need(spec, node(input));
      else
        inputs.push_back(loop_ + '/' + input);
    spec.inputs = std::move(inputs);
  }

  void add_task(task_draft task) {
    auto& spec = task.spec;
    const bool is_first = spec.needs.empty();
    spec.id = below(spec.id);
    for (auto& need : spec.needs)
      need = below(need);
    set_inputs(spec);
    for (auto* text : {&spec.prompt, &spec.when, &task.until, &task.items})
      *text = translated(*text, spec);
    for (auto* input : {&task.foreach, &task.parts_of})
      if (!input->empty())
        *input = loop_ + '/' + *input;
    // What has no needs of its own waits for those of the whole.
    if (is_first && has_start_)
      add_need(spec, start_);
    if (!spec.models && inner_.head.models != protocol::model_terms{})
      spec.models = inner_.head.models;
    if (!spec.within.empty())
      spec.within = below(spec.within);
    else if (outer_.spec.may_fail)
      spec.within = outer_.spec.id;
    if (!spec.group.empty())
      spec.group = below(spec.group);
    else if (has_budget_)
      spec.group = outer_.spec.id;
    to_.tasks.push_back(std::move(task));
  }

  const task_draft& outer_;
  const std::string& loop_;
  const mission_draft& inner_;
  mission_draft& to_;
  bool has_start_;
  bool has_budget_;
  std::set<std::string> tasks_;
  std::set<std::string> inputs_;
  std::set<std::string> given_;
  std::string start_; // waits for what the whole needs
};

} // namespace

void add_common(const task_draft& task, const mission_draft& inner,
                mission_draft& to) {
  for (const auto& input : inner.inputs) {
    const auto is_given =
        std::any_of(task.with.begin(), task.with.end(),
                    [&](const auto& it) { return it.name == input.name; });
    if (is_given)
      continue;
    to.inputs.push_back(input);
    to.inputs.back().name = task.spec.id + '/' + input.name;
  }
  for (const auto& agent : inner.agents)
    if (std::none_of(to.agents.begin(), to.agents.end(), [&](const auto& it) {
          return it.spec.card.name == agent.spec.card.name;
        }))
      to.agents.push_back(agent);
  auto& caps = to.head.caps;
  for (const auto& cap : inner.head.caps)
    if (std::find(caps.begin(), caps.end(), cap) == caps.end())
      caps.push_back(cap);
}

void put_in_place(const task_draft& task, const std::string& loop,
                  const mission_draft& inner, mission_draft& to) {
  inlining{task, loop, inner, to}.run();
}

} // namespace troupe::mission_file
