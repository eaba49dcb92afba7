#include "mission_file/rules_reader.hpp"

#include "yaml/as_json.hpp"

#include <troupe/protocol/mission_check.hpp>

#include <boost/describe/enum.hpp>
#include <boost/json/serialize.hpp>

namespace troupe::mission_file {

namespace {

using namespace std::chrono_literals;

constexpr protocol::mission_limits most;
constexpr std::uint32_t rounds_max = 100;
constexpr std::uint32_t items_max = 1'000;

enum class on_expiry : std::uint8_t { refuse, approve };
BOOST_DESCRIBE_ENUM(on_expiry, refuse, approve)

/// Reads the mapping under `key` with `read`; false: there is none.
template <class Read>
bool read_part(yaml::mapping& around, std::string_view key, const Read& read) {
  const auto* at = around.map(key);
  if (at == nullptr)
    return false;
  yaml::mapping fields{*at, around.found()};
  read(fields);
  fields.finish();
  return true;
}

void read_judge(yaml::mapping& gate, protocol::judge_spec& judge) {
  read_part(gate, "judge", [&](yaml::mapping& fields) {
    fields.require("agent");
    fields.text("agent", judge.agent);
    fields.text("prompt", judge.prompt);
    fields.integer("pass_permille", judge.pass_permille, 1U, 1000U);
  });
}

void read_gate(yaml::mapping& task, protocol::gate_spec& gate) {
  read_part(task, "gate", [&](yaml::mapping& fields) {
    fields.integer("words_min", gate.words_min);
    fields.integer("words_max", gate.words_max);
    fields.texts("must_mention", gate.must_mention);
    fields.texts("must_not_mention", gate.must_not_mention);
    fields.integer("grounded_permille", gate.grounded_permille, 0U, 1000U);
    fields.text("matches", gate.matches);
    fields.text("tool", gate.tool);
    read_judge(fields, gate.judge);
    fields.choice("on_fail", gate.on_fail);
  });
}

void read_output(yaml::mapping& task, std::string& schema) {
  if (const auto* at = task.map("output"))
    schema = boost::json::serialize(yaml::as_json(*at));
}

void read_approval(yaml::mapping& task, protocol::task_spec& spec) {
  const bool is_there = read_part(task, "approve", [&](yaml::mapping& fields) {
    fields.texts("ask", spec.approval.ask);
    fields.duration("expires", spec.approval.expires, 1ms, most.deadline);
    auto then = on_expiry::refuse;
    fields.choice("on_expiry", then);
    spec.approval.approve_on_expiry = then == on_expiry::approve;
  });
  if (is_there && spec.agent.empty() && spec.skill.empty())
    spec.kind = protocol::task_kind::approval;
}

} // namespace

void read_rules(yaml::mapping& task, task_draft& draft) {
  auto& spec = draft.spec;
  task.choice("kind", spec.kind);
  task.text("when", spec.when);
  read_output(task, spec.output_schema);
  read_gate(task, spec.gate);
  read_part(task, "retry", [&](yaml::mapping& fields) {
    fields.duration("pause", spec.retries.pause, 0ms, most.timeout);
    fields.duration("pause_max", spec.retries.pause_max, 0ms, most.timeout);
    fields.choices("on", spec.retries.on);
    fields.choice("unknown_effects", spec.retries.unknown_effects);
  });
  read_part(task, "agreement", [&](yaml::mapping& fields) {
    fields.require("of");
    fields.integer("of", spec.agreement.of, 2U, 20U);
    fields.integer("at_least", spec.agreement.at_least, 1U, 20U);
    fields.texts("agents", spec.agreement.agents);
  });
  read_approval(task, spec);
  read_part(task, "repeat", [&](yaml::mapping& fields) {
    fields.require("max");
    fields.require("until");
    fields.integer("max", draft.rounds_max, 1U, rounds_max);
    fields.text("until", draft.until);
  });
  task.boolean("may_fail", spec.may_fail);
  task.boolean("always_run", spec.always_run);
}

namespace {

/// What would be passed over in silence.
void check_unheard(const yaml::mapping& task) {
  for (const auto* key : {"agent", "skill", "inputs", "timeout", "attempts",
                          "retry", "tier", "model", "models", "priority",
                          "max_output_tokens", "agreement", "always_run"})
    if (const auto* at = task.at().find(key))
      task.found().add(*at, yaml::in_quotes(key)
                                + " says nothing of a task that stands for a "
                                  "mission: say it in that mission");
}

} // namespace

void read_sub_mission(yaml::mapping& task, task_draft& draft) {
  task.text("mission", draft.mission_file);
  const auto* at = task.map("with");
  if (at != nullptr)
    for (const auto& key : at->keys) {
      auto& it = draft.with.emplace_back();
      it.name = key.text;
      yaml::mapping{*at, task.found()}.text(key.text, it.text);
    }
  if (draft.mission_file.empty())
    return;
  auto& spec = draft.spec;
  if (!spec.prompt.empty())
    task.found().add(task.at(), "a task that stands for a mission has no "
                                "'prompt': give texts by 'with'");
  check_unheard(task);
  spec.kind = protocol::task_kind::join;
  spec.prompt = "mission"; // no agent is asked
}

void read_foreach(yaml::mapping& task, task_draft& draft) {
  const auto* at = task.any("foreach");
  if (at == nullptr || at->kind != yaml::node_kind::mapping)
    return task.text("foreach", draft.foreach);
  read_part(task, "foreach", [&](yaml::mapping& fields) {
    fields.require("of");
    fields.require("max");
    fields.text("of", draft.items);
    fields.integer("max", draft.items_max, 1U, items_max);
  });
}

void read_caps(yaml::mapping& mission, std::vector<protocol::cap_spec>& caps) {
  const auto* list = mission.list("caps");
  if (list == nullptr)
    return;
  for (const auto& item : list->items) {
    auto& it = caps.emplace_back();
    yaml::mapping fields{item, mission.found()};
    fields.text("agent", it.agent);
    fields.text("skill", it.skill);
    fields.require("most");
    fields.integer("most", it.most, 1U, most.concurrency);
    fields.finish();
  }
}

} // namespace troupe::mission_file
