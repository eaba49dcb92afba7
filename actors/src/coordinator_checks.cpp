// The part of a coordinator that has answers looked at by tools, judges and
// people.
#include "clip.hpp"
#include "coordinator_asking.hpp"
#include "troupe/actors/answer_check.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <caf/all.hpp>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::uint32_t verdict_tokens_max = 256;
constexpr std::size_t finding_bytes_max = 4'096;

} // namespace

void coordinator::begin_check(const run_rules::attempt& it) {
  if (config_.assignments[it.task].gate_tool)
    ask_gate_tool(it);
  else
    ask_judge(it);
}

void coordinator::ask_gate_tool(const run_rules::attempt& it) {
  const auto* answer = rules_.answer(it.task);
  if (answer == nullptr || !rules_.runs(it.task, it.number))
    return;
  const auto& name = rules_.spec(it.task).gate.tool;
  tool_work work;
  work.call = {
      "gate", name,
      boost::json::serialize(boost::json::object{
          {"task", rules_.spec(it.task).id}, {"answer", answer->output}})};
  work.deadline = it.deadline;
  work.stop = (gate_tools_[it.task] = std::stop_source{}).get_token();
  request_until<tool_result>(
      this, table_, config_.clock.steady_at(it.deadline),
      config_.assignments[it.task].gate_tool,
      [this, it, name](const result<tool_result>& said) {
        gate_tools_.erase(it.task);
        // Who cannot be asked has not agreed.
        if (!said)
          return end_check(it, "The check '" + name + "' could not be made: "
                                   + said.error().detail);
        if (said->is_error || !config_.assignments[it.task].judge.agent)
          note_gate(it.task, !said->is_error);
        if (said->is_error)
          return end_check(
              it, "The check '" + name + "' says: "
                      + std::string{clip(said->content, finding_bytes_max)});
        if (config_.assignments[it.task].judge.agent)
          return ask_judge(it);
        end_check(it, std::nullopt);
      },
      std::move(work));
}

void coordinator::ask_judge(const run_rules::attempt& it) {
  const auto* answer = rules_.answer(it.task);
  if (answer == nullptr || !rules_.runs(it.task, it.number))
    return;
  const auto& who = config_.assignments[it.task].judge;
  const auto prompt = rules_.prompt_of(it.task);
  if (!prompt) {
    rules_.failed(it.task, it.number, prompt.error(), now());
    return advance();
  }
  perform_task body;
  body.task = rules_.spec(it.task).id + "~judge";
  body.attempt = it.number;
  body.prompt = judge_question(rules_.spec(it.task), *prompt, answer->output);
  body.account = account_of(it.task) + "/" + who.name;
  body.output_tokens_max = verdict_tokens_max;
  body.seed = config_.seed;
  for (const auto& name : rules_.mission().tags)
    body.tags.push_back("tag:" + name);
  ask_agent(it, who, std::move(body), {}, [this, it](result<task_result> said) {
    if (!said)
      return end_check(it,
                       "The judge could not be asked: " + said.error().detail);
    const auto finding =
        read_verdict(rules_.spec(it.task).gate.judge, said->output);
    note_gate(it.task, !finding);
    said->output.clear();
    said->model.clear(); // the task's is that of its answer
    end_check(it, finding, *said);
  });
}

void coordinator::end_check(const run_rules::attempt& it,
                            const std::optional<std::string>& finding,
                            const task_result& used) {
  if (is_leaving_)
    rules_.failed(it.task, it.number, not_kept(), now());
  else
    rules_.checked(it.task, it.number, finding, used, now());
  advance();
}

result<task_decided> coordinator::decide(const decide_task& what) {
  const auto task = rules_.find(what.task);
  if (!task)
    return fail(errc::invalid_request, "no task '" + what.task + "'");
  auto decided = rules_.decide(*task, what.is_yes, what.by, what.note, now());
  if (!decided)
    return decided.error();
  advance();
  return task_decided{};
}

} // namespace troupe::actors
