// The part of the world that is code of agents and tools.
#include "workload.hpp"
#include "world.hpp"

namespace troupe::testing::sim {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

std::uint64_t print_of(const task_view& task) {
  std::uint64_t print = task.task.attempt;
  for (const char c : task.task.task + task.task.prompt)
    print = mixed(print, static_cast<unsigned char>(c));
  return print;
}

} // namespace

void world::add_tools() {
  const auto add = [this](const char* name, bool is_idempotent) {
    (void)runtime_->add_tool(
        {name, "", R"({"type":"object"})"},
        [this, name,
         is_idempotent](const tool_view& asked) -> result<std::string> {
          if (!is_alive_)
            return fail(errc::cancelled, "");
          fact it{fact_kind::effect_done, 0, {}, {}, std::string{asked.key}};
          it.text = name;
          it.number = is_idempotent ? 1 : 0;
          witness(std::move(it));
          return "noted";
        },
        {is_idempotent});
  };
  add("note", false);
  add("look", true);
}

void world::add_agents() {
  (void)runtime_->add_agent(writer());
  (void)runtime_->add_agent(porter());
  (void)runtime_->add_agent(
      {.name = "hand", .skills = {"do"}},
      [this](const task_view& task) -> result<std::string> {
        witness({fact_kind::client_did, 0, {}, {}, "hand", task.task.task});
        if (mixed(seed_, print_of(task)) % 10 == 0)
          return fail(errc::agent_failed, "slipped");
        return "good work";
      });
  (void)runtime_->add_agent(
      {.name = "clerk", .skills = {"book"}},
      [this](const task_view& task) -> result<std::string> {
        witness({fact_kind::client_did, 0, {}, {}, "clerk", task.task.task});
        dice random{mixed(seed_, print_of(task))};
        for (auto count = random.below(3); count > 0 && is_alive_; --count) {
          const bool is_idempotent = random.coin();
          const auto booked = task.effect(
              "book", R"({"n":)" + std::to_string(count) + '}',
              [&](const std::string& key) -> result<std::string> {
                if (!is_alive_)
                  return fail(errc::cancelled, "");
                fact it{fact_kind::effect_done, 0, {}, {}, key, "book"};
                it.number = is_idempotent ? 1 : 0;
                witness(std::move(it));
                return "booked";
              },
              {is_idempotent});
          if (!booked)
            return booked.error();
        }
        if (is_alive_ && random.below(3) == 0)
          note_write("c", {}, runtime_->state().put("c", "1"));
        if (is_alive_ && random.below(4) == 0)
          if (const auto said = task.ask({"writer", "", "Help."}); !said)
            return said.error();
        return "good booking";
      },
      execution::blocking);
}

} // namespace troupe::testing::sim
