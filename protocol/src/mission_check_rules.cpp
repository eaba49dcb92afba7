// What is checked of a task's conditions, references and gates by others.
#include "mission_check_list.hpp"
#include "troupe/protocol/condition.hpp"
#include "troupe/protocol/nearest.hpp"
#include "troupe/protocol/schema_check.hpp"

#include <algorithm>
#include <unordered_set>

namespace troupe::protocol {

namespace {

constexpr std::uint32_t answers_max = 20;
constexpr std::size_t lists_max = 1'000;

class rules_check {
public:
  rules_check(const mission& m, const task_spec& task, std::string place,
              mission_check_list& out)
      : mission_(m), task_(task), place_(std::move(place)), out_(out) {}

  void run(std::span<const std::string> agents) {
    check_kind();
    check_prompt();
    check_condition();
    check_answers();
    check_agents_named(agents);
    check_waits();
    if (!task_.group.empty()
        && std::none_of(mission_.groups.begin(), mission_.groups.end(),
                        [&](const auto& it) { return it.name == task_.group; }))
      add("/group", "unknown group " + shown(task_.group));
    if (!task_.within.empty()
        && std::none_of(mission_.tasks.begin(), mission_.tasks.end(),
                        [&](const auto& it) {
                          return it.id == task_.within && it.may_fail;
                        }))
      add("/within", "no task " + shown(task_.within) + " that may fail");
  }

private:
  void add(std::string_view field, const std::string& message) {
    out_.add(place_ + std::string{field}, task_prefix(task_) + message);
  }

  void check_kind() {
    if (task_.kind == task_kind::work || task_.kind == task_kind::approval)
      return;
    if (task_.needs.empty()
        && (task_.kind == task_kind::pick || task_.prompt.empty()))
      add("/kind", "it gives what others gave, so it needs some");
  }

  /// What is referred to has ended before.
  void check_reference(const reference& it, std::string_view field) {
    if (it.from == reference::source::input) {
      std::vector<std::string> names;
      for (const auto& one : mission_.inputs)
        names.push_back(one.name);
      if (std::find(names.begin(), names.end(), it.name) == names.end())
        out_.add_unknown(place_ + std::string{field},
                         task_prefix(task_) + "refers to an unknown input "
                             + shown(it.name),
                         it.name, names);
    } else if (std::find(task_.needs.begin(), task_.needs.end(), it.name)
               == task_.needs.end()) {
      add(field, "refers to " + shown(it.name) + ", which it does not need"
                     + did_you_mean(it.name, task_.needs));
    }
  }

  void check_prompt() {
    const auto found = references_in(task_.prompt);
    if (!found)
      return add("/prompt", found.error().detail);
    for (const auto& it : *found)
      check_reference(it, "/prompt");
  }

  void check_condition() {
    if (task_.when.empty())
      return;
    const auto read = condition::parse(task_.when);
    if (!read)
      return add("/when", read.error().detail);
    for (const auto& it : read->references())
      check_reference(it, "/when");
  }

  void check_answers() {
    if (!task_.output_schema.empty())
      if (const auto read = json_schema::parse(task_.output_schema); !read)
        add("/output_schema", read.error().detail);
    if (!task_.gate.matches.empty())
      if (const auto read = is_found(task_.gate.matches, ""); !read)
        add("/gate/matches", read.error().detail);
    if (task_.gate.judge.pass_permille > 1000)
      add("/gate/judge/pass_permille", "pass_permille is above 1000");
    if (task_.kind != task_kind::work
        && (!task_.gate.tool.empty() || !task_.gate.judge.agent.empty()))
      add("/gate", "a tool or a judge looks only at the answers of agents");
    const auto& together = task_.agreement;
    if (together.of > answers_max || together.at_least > together.of)
      add("/agreement", "at most 20 answers, and at_least not above of");
    if (together.of == 1 || (together.of == 0 && !together.agents.empty()))
      add("/agreement/of", "an agreement takes at least 2 answers");
  }

  void check_agents_named(std::span<const std::string> agents) {
    const auto check = [&](const std::string& name, std::string_view field) {
      if (std::find(agents.begin(), agents.end(), name) == agents.end())
        out_.add_unknown(place_ + std::string{field},
                         task_prefix(task_) + "unknown agent " + shown(name),
                         name, agents);
    };
    if (!task_.gate.judge.agent.empty())
      check(task_.gate.judge.agent, "/gate/judge/agent");
    for (const auto& name : task_.agreement.agents)
      check(name, "/agreement/agents");
  }

  void check_waits() {
    const mission_limits limits;
    if (task_.approval.expires < duration::zero()
        || task_.approval.expires > limits.deadline)
      add("/approval/expires",
          "expires must be from 0 to " + for_people(limits.deadline));
    if (task_.retries.pause < duration::zero()
        || task_.retries.pause > task_.retries.pause_max
        || task_.retries.pause_max > limits.timeout)
      add("/retries", "the pause must be from 0 to pause_max, and that at most "
                          + for_people(limits.timeout));
    if (task_.approval.ask.size() > lists_max)
      add("/approval/ask", "at most 1,000 names");
  }

  const mission& mission_;
  const task_spec& task_;
  std::string place_;
  mission_check_list& out_;
};

} // namespace

void check_rules(const mission& m, std::span<const std::string> agents,
                 mission_check_list& out) {
  for (std::size_t i = 0; i < m.tasks.size() && !out.is_full(); ++i)
    rules_check{m, m.tasks[i], "/tasks/" + std::to_string(i), out}.run(agents);
  for (std::size_t i = 0; i < m.caps.size(); ++i) {
    const auto place = "/caps/" + std::to_string(i);
    if (m.caps[i].most == 0)
      out.add(place + "/most", "a cap lets at least one task run");
    if (m.caps[i].agent.empty() == m.caps[i].skill.empty())
      out.add(place, "a cap is for an agent or for a skill");
  }
  if (m.caps.size() > lists_max || m.groups.size() > lists_max
      || m.reuse.again.size() > mission_limits{}.tasks)
    out.add("/caps", "at most 1,000 caps and 1,000 groups");
  std::unordered_set<std::string_view> groups;
  for (std::size_t i = 0; i < m.groups.size(); ++i) {
    const auto place = "/groups/" + std::to_string(i);
    if (!is_task_id(m.groups[i].name)
        || !groups.insert(m.groups[i].name).second)
      out.add(place + "/name",
              "bad or repeated name of a group " + shown(m.groups[i].name));
    if (m.groups[i].budget.nano_usd <= 0)
      out.add(place + "/budget", "a budget must be above 0");
  }
}

} // namespace troupe::protocol
