// The part of the agents' desk that starts and stops them here.
#include "agent_desk.hpp"
#include "engine/code_agents.hpp"
#include "engine/engine_access.hpp"
#include "guarded.hpp"

#include <troupe/actors/log.hpp>
#include <troupe/runtime/roster.hpp>

#include <algorithm>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

actors::agent_actor agent_desk::front(const std::string& agent,
                                      const actors::agent_actor& own) {
  const std::lock_guard lock{mutex_};
  const auto found = gates_.find(agent);
  if (found == gates_.end())
    return {};
  caf::anon_send(found->second, show_own{own});
  return caf::actor_cast<actors::agent_actor>(found->second);
}

std::uint64_t agent_desk::life(const std::string& agent, std::uint64_t born) {
  const std::lock_guard lock{mutex_};
  if (gates_.count(agent) == 0)
    return born;
  auto& last = lives_[agent];
  last = std::max(born, last + 1);
  return last;
}

/// As a roster's are checked; all of them, a line each.
std::string agent_desk::problems_of(const agent_order& what) const {
  std::string problems;
  if (!what.kind.empty())
    return problems; // its card is checked when it is added
  const auto& models = engine_->models().all();
  for (const auto& it : verify_roster({&what.spec, 1}, models))
    problems += (problems.empty() ? "" : "\n") + it.message;
  return problems;
}

result<bool> agent_desk::make_room(const agent_order& what) {
  const auto& name = what.spec.card.name;
  const auto cards = engine_->agents();
  const auto specs = engine_->specs();
  const auto is_named = [&](const auto& it) {
    return it.name == name;
  };
  const std::lock_guard lock{mutex_};
  if (is_closed_)
    return fail(errc::unreachable, "the node ends");
  if (const auto found = here_.find(name); found != here_.end()) {
    if (found->second.what != what)
      return fail(errc::invalid_request, "another agent '" + name
                                             + "' was started on node '"
                                             + config_.node + "'");
    if (found->second.how != stay::serves)
      return fail(errc::overloaded,
                  "agent '" + name + "' is being started, stopped or moved");
    return true;
  }
  if (std::any_of(cards.begin(), cards.end(), is_named)) {
    if (what.kind.empty()
        && std::count(specs.begin(), specs.end(), what.spec) != 0)
      return true;
    return fail(errc::invalid_request, "node '" + config_.node
                                           + "' has another agent '" + name
                                           + "' of its own");
  }
  auto& gate = gates_[name];
  if (!gate) // else one that hands on
    gate =
        spawn_gate(engine_->system(),
                   {name, gate_state::holds, engine_access::clock_of(*engine_),
                    [book = engine_->books().stand_ins, name] {
                      return book->find(name);
                    }});
  else
    caf::anon_send(gate, set_gate{gate_state::holds, {}, {}});
  here_[name] = {what, stay::changing, gate, {}};
  gone_.erase(name);
  return false;
}

result<void> agent_desk::raise(const agent_order& what,
                               const std::optional<std::string>& snapshot) {
  if (what.kind.empty()) {
    if (snapshot)
      return fail(errc::invalid_request,
                  "an agent of a model takes no snapshot");
    return engine_->add_model_agent(what.spec);
  }
  agent_kind make;
  {
    const std::lock_guard lock{mutex_};
    if (const auto found = kinds_.find(what.kind); found != kinds_.end())
      make = found->second;
  }
  if (!make)
    return fail(errc::invalid_request, "the program of node '" + config_.node
                                           + "' knows no agents of kind '"
                                           + what.kind + "'");
  const auto& card = what.spec.card;
  auto made = guarded([&] { return make(card, snapshot); });
  if (!made)
    return made.error();
  if (!made->code)
    return fail(errc::invalid_request, "an agent needs code");
  {
    const std::lock_guard lock{mutex_};
    if (const auto found = here_.find(card.name); found != here_.end())
      found->second.save = std::move(made->save);
  }
  return engine_->add_code_agent(
      card, code_agent(card, std::move(made->code), made->where, {}));
}

result<void> agent_desk::start_own(const agent_order& what,
                                   const std::optional<std::string>& snapshot,
                                   stay how) {
  const auto& name = what.spec.card.name;
  const auto is_here = make_room(what);
  if (!is_here)
    return is_here.error();
  if (*is_here)
    return how == stay::serves ? result<void>{}
                               : fail(errc::invalid_request,
                                      "node '" + config_.node + "' has agent '"
                                          + name + "' already");
  if (auto raised = raise(what, snapshot); !raised) {
    (void)engine_access::stop_agent(*engine_, name);
    forget(name, fail(errc::unknown_agent, "it could not be started here"));
    return raised;
  }
  let_go(name, how);
  actors::log(actors::log_level::info, "cluster", "agent.started",
              "agent=" + name);
  return {};
}

/// It has no more to do with what is changed of it.
void agent_desk::let_go(const std::string& name, stay how) {
  const std::lock_guard lock{mutex_};
  const auto found = here_.find(name);
  if (found == here_.end())
    return;
  found->second.how = how;
  caf::anon_send(
      found->second.gate,
      set_gate{how == stay::serves ? gate_state::serves : gate_state::holds,
               {},
               {}});
}

/// Its gate ends, with that answer to all.
void agent_desk::forget(const std::string& name, const protocol::error& why) {
  const std::lock_guard lock{mutex_};
  const auto found = here_.find(name);
  if (found == here_.end())
    return;
  caf::anon_send(found->second.gate, set_gate{gate_state::ended, {}, why});
  here_.erase(found);
  gates_.erase(name);
  doubts_.erase(name); // what is elsewhere is the only one
}

/// Whoever has it alone may change it.
result<agent_desk::resident> agent_desk::take_hold(const std::string& name) {
  const std::lock_guard lock{mutex_};
  const auto found = here_.find(name);
  if (found == here_.end())
    return fail(errc::unknown_agent,
                "no agent '" + name + "' was started on node '" + config_.node
                    + "'; those of rosters stay");
  if (found->second.how != stay::serves)
    return fail(errc::overloaded,
                "agent '" + name + "' is being started, stopped or moved");
  found->second.how = stay::changing;
  return found->second;
}

result<void> agent_desk::stop_own(const std::string& name) {
  const auto held = take_hold(name);
  if (!held)
    return held.error();
  const auto why =
      fail(errc::unknown_agent, "agent '" + name + "' was stopped");
  caf::anon_send(held->gate, set_gate{gate_state::ended, {}, why});
  const auto stopped = engine_access::stop_agent(*engine_, name);
  forget(name, why);
  actors::log(actors::log_level::info, "cluster", "agent.stopped",
              "agent=" + name);
  return stopped;
}

void put_gates(engine_options& to, const std::shared_ptr<agent_desk>& desk) {
  to.agent_front = [desk](const auto& card, const auto& own) {
    return desk->front(card.name, own);
  };
  to.agent_life = [desk](const auto& agent, auto born) {
    return desk->life(agent, born);
  };
}

} // namespace troupe::cluster
