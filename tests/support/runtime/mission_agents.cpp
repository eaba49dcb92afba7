#include "support/runtime/mission_agents.hpp"

#include <semaphore>
#include <sstream>
#include <stdexcept>

namespace troupe::test {

namespace {

using protocol::errc;
using protocol::fail;
using said = protocol::result<std::string>;

/// An agent and its code.
struct test_agent {
  const char* name;
  const char* skill;
  agent_function code;
  execution where = execution::inline_;
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \n");
  return first == std::string::npos
             ? std::string{}
             : text.substr(first, text.find_last_not_of(" \n") + 1 - first);
}

std::string inputs_text(const task_view& it) {
  std::string all;
  for (const auto& input : it.task.inputs)
    all += (all.empty() ? "" : "\n") + input.text;
  return all;
}

/// What stands behind the last `say:`, to the first blank line.
said say(const task_view& it) {
  const std::string mark = "say:";
  const auto at = it.task.prompt.rfind(mark);
  if (at == std::string::npos)
    return fail(errc::agent_failed, "there is no 'say:' in the prompt");
  auto text = it.task.prompt.substr(at + mark.size());
  text.resize(std::min(text.find("\n\n"), text.size()));
  return trimmed(text);
}

said in_capitals(const task_view& it) {
  auto text = trimmed(inputs_text(it));
  for (auto& c : text)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  return text;
}

said count(const task_view& it) {
  std::istringstream words{inputs_text(it)};
  std::size_t found = 0;
  for (std::string word; words >> word;)
    ++found;
  return std::to_string(found);
}

said list_inputs(const task_view& it) {
  std::string names;
  for (const auto& input : it.task.inputs)
    names += (names.empty() ? "" : "\n") + input.name;
  return names.empty() ? "none" : names;
}

said heed(const task_view& it) {
  return it.task.feedback.empty() ? "nothing yet" : it.task.feedback;
}

said always_fail(const task_view&) {
  return fail(errc::agent_failed, "it always fails");
}

said fail_twice(const task_view& it) {
  if (it.task.attempt <= 2)
    return fail(errc::agent_failed, "not this time");
  return "made it";
}

said throw_always(const task_view&) {
  throw std::runtime_error{"thrown on purpose"};
}

/// Until its task is stopped.
void wait_for_stop(const task_view& it) {
  std::binary_semaphore stopped{0};
  const std::stop_callback wake{it.stop, [&] {
                                  stopped.release();
                                }};
  stopped.acquire();
}

said be_late(const task_view& it) {
  if (it.task.attempt > 1)
    return "in time";
  wait_for_stop(it);
  return "too late";
}

std::vector<test_agent> all_agents(bool is_second_process) {
  const auto slow = [is_second_process](const task_view& it) -> said {
    if (!is_second_process)
      wait_for_stop(it);
    return "at last";
  };
  return {{"test-say", "saying", say},
          {"test-upper", "capitals", in_capitals},
          {"test-count", "counting", count},
          {"test-inputs", "listing", list_inputs},
          {"test-heed", "heeding", heed},
          {"test-fail", "failing", always_fail},
          {"test-flaky", "flaking", fail_twice},
          {"test-throw", "throwing", throw_always},
          {"test-slow", "waiting", slow, execution::blocking},
          {"test-late", "being-late", be_late, execution::blocking}};
}

protocol::agent_card card_of(const test_agent& it) {
  protocol::agent_card card;
  card.name = it.name;
  card.skills = {it.skill};
  return card;
}

protocol::result<void> add_tools(runtime& to) {
  const auto refuse = [](const tool_view& it) -> said {
    if (it.arguments.find("OPEN") != std::string_view::npos)
      return fail(errc::invalid_request, "there is something left to do");
    return "fine";
  };
  const auto tell = [](const tool_view&) -> said {
    return "High water in the harbour of Husum is at 6.40 in the morning and "
           "again at 19.05 in the evening.";
  };
  protocol::tool_spec spec;
  spec.input_schema = R"({"type":"object","properties":{}})";
  spec.name = "test_lint";
  spec.description = "Refuses what is not finished";
  if (auto added = to.add_tool(spec, refuse); !added)
    return added;
  spec.name = "test_tide";
  spec.description = "Tells when high water comes";
  return to.add_tool(spec, tell);
}

} // namespace

std::vector<protocol::agent_card> test_cards() {
  std::vector<protocol::agent_card> cards;
  for (const auto& it : all_agents(false))
    cards.push_back(card_of(it));
  return cards;
}

protocol::result<void> add_test_agents(runtime& to, bool is_second_process) {
  for (const auto& it : all_agents(is_second_process))
    if (auto added = to.add_agent(card_of(it), it.code, it.where); !added)
      return added;
  return add_tools(to);
}

} // namespace troupe::test
