#include "support/actors/otp_play.hpp"

#include <algorithm>

namespace troupe::test {

using namespace actors;

namespace {

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

template <class Items, class Text>
std::string listed(const Items& items, Text text) {
  std::string result = "[";
  for (const auto& it : items)
    result += (result.size() > 1 ? "," : "") + text(it);
  return result + "]";
}

std::string word_for(restart_strategy it) {
  switch (it) {
  case restart_strategy::one_for_one:
    return "one_for_one";
  case restart_strategy::one_for_all:
    return "one_for_all";
  case restart_strategy::rest_for_one:
    return "rest_for_one";
  case restart_strategy::dynamic:
    break;
  }
  return "simple_one_for_one";
}

std::string word_for(restart_type it) {
  return it == restart_type::permanent   ? "permanent"
         : it == restart_type::transient ? "transient"
                                         : "temporary";
}

std::string word_for(auto_shutdown it) {
  return it == auto_shutdown::never             ? "never"
         : it == auto_shutdown::any_significant ? "any_significant"
                                                : "all_significant";
}

std::string word_for(child_end it) {
  switch (it) {
  case child_end::normal:
    return "normal";
  case child_end::shutdown:
    return "{shutdown,asked}";
  case child_end::abnormal:
    return "boom";
  case child_end::killed:
    break;
  }
  return "kill";
}

std::string word_for(child_answer it) {
  switch (it) {
  case child_answer::done:
    return "done";
  case child_answer::ignored:
    return "ignored";
  case child_answer::start_failed:
    return "start_failed";
  case child_answer::not_found:
    return "not_found";
  case child_answer::already_started:
    return "already_started";
  case child_answer::already_present:
    return "already_present";
  case child_answer::running:
    return "running";
  case child_answer::restarting:
    return "restarting";
  case child_answer::dynamic:
    return "dynamic";
  default:
    return "never expected";
  }
}

std::string time_of(std::chrono::milliseconds it) {
  return it == no_stop_limit ? "infinity"
         : it == brutal_kill ? "brutal_kill"
                             : std::to_string(it.count());
}

std::string treatment(const child_rule& it) {
  return word_for(it.restart) + "," + time_of(it.shutdown) + ","
         + (it.is_significant ? "true" : "false");
}

std::string term_for(const std::string& name, const planned_supervisor& tree);

std::string worker_term(const planned_child& it) {
  const auto number = [](int n) {
    return std::to_string(n);
  };
  return "{worker," + listed(it.failing, number) + ","
         + listed(it.ignoring, number) + "," + (it.hangs ? "true" : "false")
         + "}";
}

std::string term_for(const planned_child& it) {
  return "{" + quoted(it.rule.id) + "," + treatment(it.rule) + ","
         + (it.nested ? term_for(it.rule.id, *it.nested) : worker_term(it))
         + "}";
}

/// Dynamic ones have no children yet: what these will be like is in `like`.
std::string term_for(const std::string& name, const planned_supervisor& tree) {
  const auto is_dynamic = tree.how.strategy == restart_strategy::dynamic;
  return "{sup," + quoted(name) + "," + word_for(tree.how.strategy) + ","
         + std::to_string(tree.how.intensity) + "," + word_for(tree.how.ends)
         + ","
         + (is_dynamic ? "{" + treatment(tree.like) + "}"
                       : listed(tree.children,
                                [](const auto& it) { return term_for(it); }))
         + "}";
}

std::string term_for(const play_step& it) {
  const auto place = quoted(it.supervisor) + ",";
  switch (it.what) {
  case play_step::kind::crash:
    return "{crash," + quoted(it.id) + "," + word_for(it.how) + "}";
  case play_step::kind::start:
    if (it.is_dynamic)
      return "{start_dynamic," + place + "{" + quoted(it.id) + ","
             + worker_term(it.child) + "}}";
    return "{start," + place + term_for(it.child) + "}";
  case play_step::kind::terminate:
    return (it.is_dynamic ? "{terminate_dynamic," : "{terminate,") + place
           + quoted(it.id) + "}";
  case play_step::kind::restart:
    return "{restart," + place + quoted(it.id) + "}";
  case play_step::kind::remove:
    break;
  }
  return "{delete," + place + quoted(it.id) + "}";
}

child_answer ask(supervision_world& world, const play_step& it) {
  switch (it.what) {
  case play_step::kind::start:
    return world.start(it.supervisor, it.child);
  case play_step::kind::terminate:
    return world.terminate(it.supervisor, it.id);
  case play_step::kind::restart:
    return world.restart(it.supervisor, it.id);
  default:
    return world.remove(it.supervisor, it.id);
  }
}

void tell(supervision_world& world, std::vector<std::string>& to) {
  for (auto& line : world.take())
    if (line.front() != '#' && line.compare(0, 2, "xs") != 0)
      to.push_back(std::move(line));
}

void tell_tree(const supervision_world& world, const std::string& supervisor,
               std::vector<std::string>& to) {
  if (!world.has(supervisor))
    return;
  auto children = world.children(supervisor);
  if (world.is_dynamic(supervisor))
    std::sort(children.begin(), children.end());
  auto line = supervisor + ": ";
  for (const auto& it : children)
    line += (line.back() == ' ' ? "" : ", ") + it;
  to.push_back(line);
  for (const auto& it : children)
    if (it.front() == 's')
      tell_tree(world, it.substr(0, it.find(' ')), to);
}

} // namespace

std::string to_erlang(const otp_play& play) {
  return "{" + std::to_string(play.seed) + "," + term_for("top", play.tree)
         + "," + listed(play.steps, [](const auto& it) { return term_for(it); })
         + "}.\n";
}

std::vector<std::string> lines_of(const otp_play& play) {
  std::vector<std::string> lines;
  supervision_world world{play.tree, play.seed};
  world.settle();
  tell(world, lines);
  if (world.end()) {
    lines.emplace_back("= start_failed");
    return lines;
  }
  tell_tree(world, "top", lines);
  for (const auto& it : play.steps) {
    if (world.end())
      break;
    std::string answer;
    if (it.what == play_step::kind::crash)
      world.crash(it.id, it.how);
    else
      answer = world.has(it.supervisor) ? word_for(ask(world, it)) : "gone";
    tell(world, lines);
    if (!answer.empty())
      lines.push_back("= " + answer);
    world.settle();
    tell(world, lines);
    tell_tree(world, "top", lines);
  }
  world.stop();
  world.settle();
  tell(world, lines);
  for (const auto& it : world.contradictions())
    lines.push_back("wrong: " + it);
  return lines;
}

} // namespace troupe::test
