#include "run_record.hpp"

#include <troupe/protocol/fingerprint.hpp>

#include <algorithm>
#include <unordered_set>

namespace troupe::actors {

using protocol::task_state;

namespace {

/// What the end of one task and the start of the next leave behind.
constexpr std::size_t events_at_once = 4;
constexpr std::size_t prompt_bytes_max = 4U << 20U;
/// Of needs and inputs told one by one, so that entries stay small.
constexpr std::size_t parts_apart_max = 64;

protocol::id digest_of(std::string_view text) {
  protocol::fingerprint_builder mix;
  mix.add(text);
  return mix.finish();
}

/// What is said of a task that bears on what it gives.
protocol::id digest_of(const protocol::task_spec& spec) {
  protocol::fingerprint_builder mix;
  mix.add_value(spec.kind);
  mix.add_value(spec.level);
  mix.add_value(spec.urgency);
  mix.add_value(spec.model);
  mix.add_value(spec.output_tokens_max);
  mix.add_value(spec.gate);
  mix.add_value(spec.models);
  mix.add_value(spec.output_schema);
  mix.add_value(spec.agreement);
  return mix.finish();
}

} // namespace

run_record::run_record(protocol::mission mission,
                       std::vector<std::string> agents,
                       std::vector<protocol::task_estimate> estimates,
                       protocol::id run)
    : mission_(std::move(mission)), graph_(mission_, estimates) {
  report_.run = run;
  report_.mission = mission_.name;
  report_.concurrency = mission_.concurrency;
  report_.budget = mission_.budget;
  report_.tasks.resize(mission_.tasks.size());
  for (std::size_t i = 0; i < mission_.tasks.size(); ++i) {
    auto& record = report_.tasks[i];
    record.task = mission_.tasks[i].id;
    record.needs = mission_.tasks[i].needs;
    record.agent = std::move(agents[i]);
    record.estimate = std::move(estimates[i]);
  }
}

protocol::run_event& run_record::emit(protocol::event_kind kind, instant now) {
  if (events_.empty())
    events_.reserve(events_at_once);
  auto& event = events_.emplace_back();
  event.sequence = ++sequence_;
  event.at = now;
  event.kind = kind;
  event.run_spent = report_.cost;
  event.tasks_done = done_;
  event.tasks_total = static_cast<std::uint32_t>(report_.tasks.size());
  event.simulated = report_.simulated;
  return event;
}

protocol::run_event& run_record::emit_task(protocol::event_kind kind,
                                           std::size_t task, instant now) {
  const auto& record = report_.tasks[task];
  auto& event = emit(kind, now);
  event.task = record.task;
  event.agent = record.agent;
  event.model = record.model;
  event.attempt = record.attempts;
  event.used = record.used;
  event.cost = record.cost;
  event.failure = record.failure;
  event.simulated = record.simulated;
  return event;
}

std::vector<protocol::run_event> run_record::take_events() {
  return std::exchange(events_, {});
}

std::vector<protocol::task_estimate> run_record::estimates() const {
  std::vector<protocol::task_estimate> all;
  for (const auto& it : report_.tasks)
    all.push_back(it.estimate);
  return all;
}

void run_record::add_use(std::size_t task,
                         const protocol::task_result& result) {
  const auto add = [&](auto& to) {
    to.used += result.used;
    to.cost += result.cost;
    to.cached_calls += result.cached_calls;
    to.saved += result.saved;
    to.hedges += result.hedges;
    to.escalations += result.escalations;
    to.simulated = to.simulated || result.simulated;
  };
  auto& record = report_.tasks[task];
  add(record);
  add(report_);
  record.last_call = result.last_call;
  record.model_calls += result.model_calls;
  add_steps(record.degraded, result.degraded);
  if (!result.model.empty())
    record.model = result.model;
}

bool run_record::has_result(std::size_t task) const {
  return report_.tasks[task].state == task_state::done;
}

protocol::text_source run_record::texts() const {
  return [this](const protocol::reference& it) -> std::optional<std::string> {
    if (it.from == protocol::reference::source::input) {
      const auto found = std::find_if(
          mission_.inputs.begin(), mission_.inputs.end(),
          [&](const protocol::task_input& one) { return one.name == it.name; });
      return found == mission_.inputs.end() ? std::nullopt
                                            : std::optional{found->text};
    }
    const auto task = find(it.name);
    if (!task)
      return std::nullopt;
    const auto& record = report_.tasks[*task];
    if (it.from == protocol::reference::source::state)
      return std::string{protocol::enum_name(record.state)};
    return record.output; // empty where it was omitted
  };
}

std::vector<protocol::task_input>
run_record::inputs_of(std::size_t task) const {
  std::vector<protocol::task_input> inputs;
  for (const auto input : graph_[task].inputs)
    inputs.push_back(mission_.inputs[input]);
  std::unordered_set<std::string> told;
  if (const auto inside = protocol::references_in(spec(task).prompt))
    for (const auto& it : *inside)
      if (it.from == protocol::reference::source::output)
        told.insert(it.name);
  const auto says_something = [&](std::uint32_t need) {
    // A join of nothing but a blank only holds others back.
    return report_.tasks[need].output != " "
           || spec(need).kind != protocol::task_kind::join;
  };
  for (const auto need : graph_[task].needs)
    if (has_result(need) && says_something(need)
        && !told.contains(report_.tasks[need].task))
      inputs.push_back({report_.tasks[need].task, report_.tasks[need].output});
  return inputs;
}

protocol::result<std::string> run_record::prompt_of(std::size_t task) const {
  const auto& prompt = spec(task).prompt;
  if (prompt.find("${") == std::string::npos)
    return prompt;
  return protocol::fill_references(prompt, texts(), prompt_bytes_max);
}

bool run_record::may_run(std::size_t task) const {
  if (spec(task).when.empty())
    return true;
  const auto read = protocol::condition::parse(spec(task).when);
  return read && read->holds(texts());
}

std::string run_record::joined_needs(std::size_t task) const {
  std::string all;
  for (const auto need : graph_[task].needs)
    if (has_result(need))
      all += (all.empty() ? "" : "\n\n") + report_.tasks[need].output;
  return all;
}

std::string run_record::picked_need(std::size_t task) const {
  const auto& needs = graph_[task].needs;
  const auto last = std::find_if(needs.rbegin(), needs.rend(),
                                 [&](auto it) { return has_result(it); });
  return last == needs.rend() ? std::string{} : report_.tasks[*last].output;
}

/// Many tasks may work on one book.
protocol::id run_record::digest_of_input(std::uint32_t input) const {
  input_digests_.resize(mission_.inputs.size());
  auto& made = input_digests_[input];
  if (!made)
    made = digest_of(mission_.inputs[input].text);
  return made;
}

std::vector<protocol::work_part> run_record::parts_of(std::size_t task) const {
  std::vector<protocol::work_part> parts;
  const auto filled = prompt_of(task);
  parts.push_back({"definition", digest_of(spec(task))});
  parts.push_back({"agent", agent_digests_.empty() ? protocol::id{}
                                                   : agent_digests_[task]});
  parts.push_back({"prompt", digest_of(filled ? *filled : spec(task).prompt)});
  protocol::fingerprint_builder rest;
  std::size_t count = 0;
  const auto add = [&](std::string name, protocol::id digest) {
    if (++count <= parts_apart_max)
      parts.push_back({std::move(name), digest});
    else
      rest.add_value(digest);
  };
  for (const auto input : graph_[task].inputs)
    add("input " + mission_.inputs[input].name, digest_of_input(input));
  for (const auto need : graph_[task].needs)
    if (has_result(need))
      add("result of " + report_.tasks[need].task,
          digest_of(report_.tasks[need].output));
  if (count > parts_apart_max)
    parts.push_back({"further inputs and results", rest.finish()});
  return parts;
}

void run_record::give_to(std::size_t task, const std::string& agent,
                         protocol::id digest) {
  report_.tasks[task].agent = agent;
  if (!agent_digests_.empty())
    agent_digests_[task] = digest;
}

} // namespace troupe::actors
