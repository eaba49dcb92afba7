// How large a draft becomes: counted before anything is made of it.
#include "mission_file/draft_index.hpp"
#include "mission_file/placeholders.hpp"
#include "troupe/protocol/mission_check.hpp"

namespace troupe::mission_file {

namespace {

constexpr std::size_t text_bytes_max = 256U << 20U;
/// More than any one number, title or reference has.
constexpr std::size_t filled_bytes = 256;

std::size_t bytes_of(const std::vector<std::string>& words) {
  std::size_t all = 0;
  for (const auto& word : words)
    all += word.size() + 2;
  return all;
}

/// Of a text whose placeholders are filled in, at most.
std::size_t bytes_of_filled(std::string_view text, std::size_t inputs) {
  auto all = text.size();
  for (const auto& word : placeholders_in(text))
    all += word == "inputs" ? inputs : filled_bytes;
  return all;
}

/// Of one task that a draft becomes.
std::size_t bytes_of_one(const task_draft& task) {
  const auto& spec = task.spec;
  const auto inputs = bytes_of(spec.inputs) + filled_bytes;
  auto all = bytes_of_filled(spec.prompt, inputs) + spec.when.size()
             + task.until.size() + task.items.size() + spec.output_schema.size()
             + bytes_of(spec.needs) + inputs + spec.gate.matches.size()
             + bytes_of(spec.gate.must_mention)
             + bytes_of(spec.gate.must_not_mention)
             + spec.gate.judge.prompt.size() + bytes_of(spec.approval.ask)
             + bytes_of(spec.agreement.agents);
  for (const auto& it : task.with)
    all += bytes_of_filled(it.text, inputs);
  return all;
}

} // namespace

std::size_t copies_of(const task_draft& task, const mission_draft& in) {
  if (!task.items.empty())
    return task.items_max;
  if (task.rounds_max != 0)
    return task.rounds_max;
  return draft_index{in}.parts_of(task);
}

expanded_size size_of_expanded(const mission_draft& draft) {
  const draft_index index{draft};
  expanded_size size;
  for (const auto& task : draft.tasks) {
    const auto parts = index.parts_of(task);
    std::size_t needs = task.spec.inputs.size() + 1;
    for (const auto& id : task.spec.needs) {
      const auto* need = index.task(id);
      const bool is_one = need == nullptr || !need->mission_file.empty()
                          || is_part_by_part(task, *need);
      needs += is_one ? 1 : index.parts_of(*need);
    }
    std::size_t copies = parts;
    std::size_t beside = 0; // what begins and ends a loop
    if (!task.items.empty()) {
      copies = task.items_max;
      beside = 2;
    } else if (task.rounds_max != 0) {
      copies = task.rounds_max;
      beside = 1;
    } else if (!task.mission_file.empty() && !task.foreach.empty()) {
      beside = 1;
    }
    size.tasks += copies + beside;
    size.needs += copies * (beside == 0 ? needs : needs + 2);
    size.bytes += (copies + beside) * bytes_of_one(task);
  }
  return size;
}

std::vector<std::string> too_large(const expanded_size& it) {
  const protocol::mission_limits limits;
  std::vector<std::string> found;
  const auto check = [&](std::size_t count, const std::string& what,
                         std::size_t most) {
    if (count > most)
      found.push_back("with all parts there are " + std::to_string(count) + what
                      + "; at most " + std::to_string(most)
                      + " are allowed: lower a 'max', or split coarser");
  };
  check(it.tasks, " tasks", limits.tasks);
  check(it.needs, " needs and inputs", limits.needs);
  check(it.bytes, " bytes in the texts of tasks", text_bytes_max);
  return found;
}

} // namespace troupe::mission_file
