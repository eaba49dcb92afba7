// Loops, and tasks for each item of a list, become tasks with conditions: a run
// knows all that may happen before it starts, and can be resumed anywhere.
#include "mission_file/draft.hpp"
#include "mission_file/own_references.hpp"
#include "mission_file/placeholders.hpp"

#include <algorithm>

namespace troupe::mission_file {

namespace {

using protocol::task_kind;

std::string numbered(const std::string& id, std::uint32_t number) {
  return id + '#' + std::to_string(number);
}

task_draft node_of(std::string id, task_kind kind,
                   std::vector<std::string> needs) {
  task_draft it;
  it.spec.id = std::move(id);
  it.spec.kind = kind;
  it.spec.needs = std::move(needs);
  return it;
}

void add_need(protocol::task_spec& spec, const std::string& need) {
  if (std::find(spec.needs.begin(), spec.needs.end(), need) == spec.needs.end())
    spec.needs.push_back(need);
}

std::string joined_conditions(const std::string& a, const std::string& b) {
  if (a.empty())
    return b;
  return "(" + a + ") and (" + b + ")";
}

/// `{{round}}` and the like; other words stay for `expand`.
std::string with_word(std::string_view prompt, std::string_view word,
                      const std::string& value) {
  return fill_placeholders(prompt, [&](std::string_view found) {
    return found == word ? value : "{{" + std::string{found} + "}}";
  });
}

/// A round runs when the one before it has, and did not end the loop.
void add_rounds(const task_draft& loop, std::vector<task_draft>& to) {
  const auto& id = loop.spec.id;
  std::vector<std::string> rounds;
  for (std::uint32_t i = 1; i <= loop.rounds_max; ++i) {
    auto one = loop;
    one.until.clear();
    one.rounds_max = 0;
    one.spec.id = numbered(id, i);
    auto& prompt = one.spec.prompt;
    prompt = with_word(prompt, "round", std::to_string(i));
    if (i == 1) {
      prompt = without_references(prompt, id);
    } else {
      const auto before = numbered(id, i - 1);
      add_need(one.spec, before);
      prompt = renamed(prompt, id, before);
      one.spec.when =
          joined_conditions("${" + before + ".state} == \"done\"",
                            "not (" + renamed(loop.until, id, before) + ")");
    }
    rounds.push_back(one.spec.id);
    to.push_back(std::move(one));
  }
  to.push_back(node_of(id, task_kind::pick, std::move(rounds)));
  to.back().spec.may_fail = loop.spec.may_fail;
}

/// A list of more items than there may be is refused by its own task, so that
/// none is dropped.
void add_items(const task_draft& over, std::vector<task_draft>& to) {
  const auto& id = over.spec.id;
  const auto list = id + "/items";
  auto whole = node_of(list, task_kind::join, over.spec.needs);
  whole.spec.prompt = over.items;
  whole.spec.when = over.spec.when;
  whole.spec.output_schema =
      R"({"type":"array","maxItems":)" + std::to_string(over.items_max) + "}";
  to.push_back(std::move(whole));
  std::vector<std::string> all;
  for (std::uint32_t i = 0; i < over.items_max; ++i) {
    auto one = over;
    one.items.clear();
    one.items_max = 0;
    one.spec.id = numbered(id, i + 1);
    add_need(one.spec, list);
    const auto item = "${" + list + ".output[" + std::to_string(i) + "]}";
    one.spec.when = item + " != null";
    one.spec.prompt = with_word(with_word(one.spec.prompt, "item", item),
                                "part", std::to_string(i + 1));
    all.push_back(one.spec.id);
    to.push_back(std::move(one));
  }
  to.push_back(node_of(id, task_kind::join, std::move(all)));
  to.back().spec.may_fail = over.spec.may_fail;
}

} // namespace

void unroll(mission_draft& draft) {
  std::vector<task_draft> tasks;
  for (auto& it : draft.tasks)
    if (!it.items.empty())
      add_items(it, tasks);
    else if (it.rounds_max != 0)
      add_rounds(it, tasks);
    else
      tasks.push_back(std::move(it));
  draft.tasks = std::move(tasks);
}

} // namespace troupe::mission_file
