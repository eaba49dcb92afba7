// Loops, and tasks for each item of a list, become tasks with conditions: a run
// knows all that may happen before it starts, and can be resumed anywhere. A
// task that stands for a mission becomes as many tasks that do.
#include "mission_file/draft_index.hpp"
#include "mission_file/own_references.hpp"
#include "mission_file/placeholders.hpp"

#include <algorithm>

namespace troupe::mission_file {

namespace {

using protocol::task_kind;

task_draft node_of(std::string id, task_kind kind,
                   std::vector<std::string> needs) {
  task_draft it;
  it.spec.id = std::move(id);
  it.spec.kind = kind;
  it.spec.needs = std::move(needs);
  return it;
}

std::string joined_conditions(const std::string& a, const std::string& b) {
  if (a.empty())
    return b;
  return "(" + a + ") and (" + b + ")";
}

/// The texts in which a task says what is to be done.
template <class F>
void change_texts(task_draft& task, const F& change) {
  task.spec.prompt = change(task.spec.prompt);
  for (auto& it : task.with)
    it.text = change(it.text);
}

/// `{{round}}` and the like; other words stay for `expand`.
template <class F>
void fill_words(task_draft& task, const F& value_of) {
  change_texts(task, [&](const std::string& text) {
    return fill_placeholders(text, [&](std::string_view word) {
      const std::optional<std::string> value = value_of(word);
      return value ? *value : "{{" + std::string{word} + "}}";
    });
  });
}

using value = std::optional<std::string>;

/// A round runs when the one before it has, and did not end the loop.
std::vector<task_draft> rounds_of(const task_draft& loop) {
  const auto& id = loop.spec.id;
  std::vector<task_draft> all;
  std::vector<std::string> rounds;
  for (std::uint32_t i = 1; i <= loop.rounds_max; ++i) {
    auto one = loop;
    one.until.clear();
    one.rounds_max = 0;
    one.spec.id = numbered(id, i);
    fill_words(one, [&](std::string_view word) {
      return word == "round" ? value{std::to_string(i)} : std::nullopt;
    });
    const auto before = numbered(id, i - 1);
    change_texts(one, [&](const std::string& text) {
      return i == 1 ? without_references(text, id) : renamed(text, id, before);
    });
    if (i != 1) {
      add_need(one.spec, before);
      one.spec.when =
          joined_conditions("${" + before + ".state} == \"done\"",
                            "not (" + renamed(loop.until, id, before) + ")");
    }
    rounds.push_back(one.spec.id);
    all.push_back(std::move(one));
  }
  all.push_back(node_of(id, task_kind::pick, std::move(rounds)));
  all.back().spec.may_fail = loop.spec.may_fail;
  return all;
}

/// A list of more items than there may be is refused by its own task, so that
/// none is dropped.
std::vector<task_draft> items_of(const task_draft& over) {
  const auto& id = over.spec.id;
  const auto list = id + "/items";
  std::vector<task_draft> tasks;
  auto& whole =
      tasks.emplace_back(node_of(list, task_kind::join, over.spec.needs));
  whole.spec.prompt = over.items;
  whole.spec.when = over.spec.when;
  whole.spec.output_schema =
      R"({"type":"array","maxItems":)" + std::to_string(over.items_max) + "}";
  std::vector<std::string> all;
  for (std::uint32_t i = 0; i < over.items_max; ++i) {
    auto one = over;
    one.items.clear();
    one.items_max = 0;
    one.spec.id = numbered(id, i + 1);
    add_need(one.spec, list);
    const auto item = "${" + list + ".output[" + std::to_string(i) + "]}";
    one.spec.when = item + " != null";
    fill_words(one, [&](std::string_view word) {
      return word == "item"   ? value{item}
             : word == "part" ? value{std::to_string(i + 1)}
                              : std::nullopt;
    });
    all.push_back(one.spec.id);
    tasks.push_back(std::move(one));
  }
  tasks.push_back(node_of(id, task_kind::join, std::move(all)));
  tasks.back().spec.may_fail = over.spec.may_fail;
  return tasks;
}

} // namespace

std::vector<task_draft>
unrolled_parts(const task_draft& task, const input_draft& input,
               const std::vector<std::string>& same_part) {
  std::vector<task_draft> tasks;
  std::vector<std::string> all;
  for (std::size_t i = 1; i <= input.pieces.size(); ++i) {
    auto one = task;
    one.foreach.clear();
    one.spec.id = numbered(task.spec.id, i);
    fill_words(one, [&](std::string_view word) {
      return word == "item" ? value{"${inputs." + numbered(input.name, i) + "}"}
             : word == "part"  ? value{std::to_string(i)}
             : word == "parts" ? value{std::to_string(input.pieces.size())}
             : word == "title"
                 ? value{without_meaning(input.pieces[i - 1].title)}
                 : std::nullopt;
    });
    for (const auto& name : same_part) {
      const auto mine = numbered(name, i);
      std::replace(one.spec.needs.begin(), one.spec.needs.end(), name, mine);
      one.spec.when = renamed(one.spec.when, name, mine);
      change_texts(one, [&](const std::string& text) {
        return renamed(text, name, mine);
      });
    }
    all.push_back(one.spec.id);
    tasks.push_back(std::move(one));
  }
  tasks.push_back(node_of(task.spec.id, task_kind::join, std::move(all)));
  tasks.back().spec.may_fail = task.spec.may_fail;
  tasks.back().parts_of = input.name;
  return tasks;
}

std::vector<task_draft> unrolled(task_draft task) {
  if (!task.items.empty())
    return items_of(task);
  if (task.rounds_max != 0)
    return rounds_of(task);
  std::vector<task_draft> one;
  one.push_back(std::move(task));
  return one;
}

void unroll(mission_draft& draft) {
  std::vector<task_draft> tasks;
  for (auto& it : draft.tasks) {
    auto made = unrolled(std::move(it));
    std::move(made.begin(), made.end(), std::back_inserter(tasks));
  }
  draft.tasks = std::move(tasks);
}

} // namespace troupe::mission_file
