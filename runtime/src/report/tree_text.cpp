#include "report/tree_text.hpp"

#include "report/text_table.hpp"

#include <troupe/protocol/time.hpp>

namespace troupe::report {

using protocol::tree_node;
using protocol::tree_state;

namespace {

tone tone_of(tree_state state) {
  switch (state) {
  case tree_state::running:
    return tone::good;
  case tree_state::starting:
  case tree_state::restarting:
    return tone::busy;
  case tree_state::silent:
    return tone::bad;
  case tree_state::stopping:
  case tree_state::stopped:
    break;
  }
  return tone::faint;
}

std::string rules_of(const tree_node& it) {
  if (!it.rules)
    return {};
  return it.rules->strategy + ", " + std::to_string(it.rules->recent) + " of "
         + std::to_string(it.rules->intensity) + " in "
         + protocol::for_people(it.rules->period);
}

std::string notes_of(const tree_node& it) {
  auto notes = rules_of(it);
  const auto add = [&notes](const std::string& more) {
    if (!more.empty())
      notes += (notes.empty() ? "" : "; ") + more;
  };
  add(it.remark);
  if (!it.last_end.empty())
    add("last end: " + it.last_end);
  return notes;
}

void add_rows(const tree_node& it, const std::string& stem,
              const std::string& below, text_table& to) {
  to.add_row({{stem + it.name, it.rules ? tone::strong : tone::plain},
              {std::string(enum_name(it.state)), tone_of(it.state)},
              {it.restart.empty() ? "-" : it.restart},
              {it.restarts == 0 ? "-" : std::to_string(it.restarts)},
              {notes_of(it)}});
  for (std::size_t i = 0; i < it.children.size(); ++i) {
    const bool is_last = i + 1 == it.children.size();
    add_rows(it.children[i], below + (is_last ? "└─ " : "├─ "),
             below + (is_last ? "   " : "│  "), to);
  }
}

} // namespace

std::string tree_text(const tree_node& top, const page& on) {
  text_table table{{{"TREE"},
                    {"STATE"},
                    {"RESTART"},
                    {"AGAIN", true, false, 1},
                    {"NOTES", false, true}}};
  add_rows(top, "", "", table);
  return table.text(on);
}

} // namespace troupe::report
