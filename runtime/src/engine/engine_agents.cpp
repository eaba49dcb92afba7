// The part of the engine that adds agents and tools.
#include "engine/ask_actor.hpp"
#include "engine/engine.hpp"
#include "engine/engine_access.hpp"
#include "engine/tree_children.hpp"

#include <troupe/protocol/json.hpp>
#include <troupe/protocol/mission_check.hpp>
#include <troupe/protocol/nearest.hpp>

#include <caf/all.hpp>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

result<void> check_card(const protocol::agent_card& card) {
  if (!protocol::is_name(card.name))
    return fail(errc::invalid_request,
                "an agent's name is 1 to 64 letters, digits, '-', '_', '.'");
  if (card.skills.size() > 64)
    return fail(errc::invalid_request,
                "agent '" + card.name + "' has more than 64 skills");
  if (card.tags.size() > 64 || card.description.size() > 4'096)
    return fail(errc::invalid_request,
                "agent '" + card.name
                    + "' has more than 64 tags or a description of more than "
                      "4,096 bytes");
  return {};
}

} // namespace

actors::mailbox_limits engine::agent_mailbox() const {
  return {config_.limits.mailbox_messages, config_.limits.mailbox_bytes};
}

actors::delegation_limits engine::delegation() const {
  return {config_.limits.delegation_depth, config_.limits.delegation_questions};
}

result<void> engine::start_agent(const protocol::agent_card& card,
                                 agent_maker make) {
  actors::child_spec child;
  child.id = card.name;
  child.start = [this, card, make = std::move(make)](caf::actor_system&,
                                                     std::uint64_t born) {
    const auto life =
        options_.agent_life ? options_.agent_life(card.name, born) : born;
    // Before it lives: what an earlier life sends from now on is refused.
    (void)books_.lives->begin(card.name, life);
    auto agent = make(life);
    auto front = options_.agent_front ? options_.agent_front(card, agent)
                                      : actors::agent_actor{};
    const auto head = new_header();
    caf::anon_send(
        roles_.get(&roles::registry),
        protocol::request<protocol::register_agent>{head, {card, life}},
        front ? front : agent);
    if (books_.health) // behind that: who hears of it finds it
      books_.health->started(card.name, now());
    return caf::actor_cast<caf::actor>(agent);
  };
  {
    const std::lock_guard lock{mutex_};
    if (cards_.size() >= config_.limits.agents && cards_.count(card.name) == 0)
      return fail(errc::limit_exceeded,
                  "limits.agents is " + std::to_string(config_.limits.agents));
    cards_.insert_or_assign(card.name, card);
    agent_children_.insert_or_assign(card.name, child);
  }
  const auto started = ask_for<actors::child_started>(
      system_, roles_.get(&roles::agents), "the agents' supervisor is gone",
      actors::start_child{std::move(child)});
  if (!started)
    return started.error();
  return {};
}

result<void> engine::add_code_agent(const protocol::agent_card& card,
                                    actors::function_agent_config config) {
  if (auto good = check_card(card); !good)
    return good;
  config.clock = clock_;
  {
    const std::lock_guard lock{mutex_};
    specs_.erase(card.name);
  }
  config.delegation = delegation();
  config.find_tool = [book = tool_book_](const std::string& name) {
    return book->find(name);
  };
  return start_agent(card, [this, config](std::uint64_t life) mutable {
    config.incarnation = life;
    config.seed = next_seed();
    config.registry = roles_.get(&roles::registry);
    config.journal = books_.journal;
    config.quarantine = books_.quarantine;
    return actors::spawn_function_agent(system_, config, agent_mailbox());
  });
}

result<void> engine::add_model_agent(protocol::agent_spec spec) {
  if (auto good = check_card(spec.card); !good)
    return good;
  if (!spec.model.empty() && models_.find(spec.model) == nullptr)
    return fail(errc::invalid_request,
                "agent '" + spec.card.name + "': no model '" + spec.model + "'"
                    + models_.suggestion_for(spec.model));
  std::vector<actors::tool> tools;
  auto shared = std::make_shared<const protocol::agent_spec>(std::move(spec));
  {
    const std::lock_guard lock{mutex_};
    const auto known = specs_.find(shared->card.name);
    if (known != specs_.end() && *known->second == *shared)
      return {}; // another run may be using it
    std::vector<std::string> names;
    for (const auto& [name, tool] : tools_)
      names.push_back(name);
    for (const auto& name : shared->tools) {
      const auto tool = tools_.find(name);
      if (tool == tools_.end())
        return fail(errc::invalid_request,
                    "agent '" + shared->card.name + "': no tool '" + name + "'"
                        + protocol::did_you_mean(name, names));
      tools.push_back(tool->second);
    }
    specs_.insert_or_assign(shared->card.name, shared);
  }
  return start_agent(shared->card, [this, shared, tools](std::uint64_t) {
    const auto seed = next_seed();
    return actors::spawn_model_agent(
        system_,
        {shared, tools, roles_.front(), 1'024, clock_, seed,
         roles_.get(&roles::registry), delegation(),
         roles_.get(&roles::cascade), books_.journal, books_.quarantine},
        agent_mailbox());
  });
}

result<void> engine::add_tool(protocol::tool_spec spec, tool_function code,
                              const tool_options& options) {
  if (!protocol::is_name(spec.name))
    return fail(errc::invalid_request,
                "a tool's name is 1 to 64 letters, digits, '-', '_', '.'");
  if (!code)
    return fail(errc::invalid_request, "a tool needs code");
  auto schema = protocol::parse_json(spec.input_schema);
  if (!schema || !schema->is_object())
    return fail(errc::invalid_request,
                "tool '" + spec.name + "': its schema is not a JSON object");
  auto handle = actors::spawn_tool(
      system_, spec.name,
      [code = std::move(code)](const actors::tool_work& work) {
        return code({work.call.arguments, work.deadline, work.stop, work.key});
      },
      clock_);
  const auto name = spec.name;
  const actors::tool made{std::move(spec), handle, options.is_idempotent};
  // One of the same name is stopped by its supervisor.
  if (auto shown = show_tool(system_, roles_, made); !shown) {
    caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
    return shown;
  }
  tool_book_->set(made);
  const std::lock_guard lock{mutex_};
  tools_.insert_or_assign(name, made);
  return {};
}

result<void> engine_access::stop_agent(engine& it, const std::string& name) {
  {
    const std::lock_guard lock{it.mutex_};
    if (it.cards_.erase(name) == 0)
      return fail(errc::unknown_agent, "there is no agent '" + name + "'");
    it.specs_.erase(name);
    it.agent_children_.erase(name);
  }
  const auto by = it.roles_.get(&roles::agents);
  constexpr auto gone = "the agents' supervisor is gone";
  const auto ended = ask_for<actors::child_terminated>(
      it.system_, by, gone, actors::terminate_child{name});
  if (!ended)
    return ended.error();
  const auto forgotten = ask_for<actors::child_deleted>(
      it.system_, by, gone, actors::delete_child{name});
  return forgotten ? result<void>{} : forgotten.error();
}

std::vector<protocol::agent_card> engine::agents() const {
  const std::lock_guard lock{mutex_};
  std::vector<protocol::agent_card> cards;
  for (const auto& [name, card] : cards_)
    cards.push_back(card);
  return cards;
}

} // namespace troupe
