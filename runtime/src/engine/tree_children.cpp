#include "engine/tree_children.hpp"

#include "engine/ask_actor.hpp"

#include <troupe/protocol/describe.hpp>

#include <caf/all.hpp>

namespace troupe {

namespace {

constexpr std::chrono::seconds tool_stop_limit{5};

protocol::tree_state state_of(actors::child_phase phase) {
  switch (phase) {
  case actors::child_phase::running:
    return protocol::tree_state::running;
  case actors::child_phase::starting:
    return protocol::tree_state::starting;
  case actors::child_phase::stopping:
    return protocol::tree_state::stopping;
  case actors::child_phase::restarting:
    return protocol::tree_state::restarting;
  case actors::child_phase::idle:
    break;
  }
  return protocol::tree_state::stopped;
}

protocol::tree_node node_of(const actors::child_description& it) {
  protocol::tree_node node;
  node.name = it.id;
  node.state = state_of(it.phase);
  node.restart = protocol::enum_name(it.restart);
  node.incarnation = it.incarnation;
  node.restarts = it.restarts;
  node.recent = it.recent;
  node.last_end = it.last_end;
  node.remark = it.remark;
  return node;
}

} // namespace

actors::child_spec irreplaceable(actors::child_spec child) {
  child.restart = actors::restart_type::temporary;
  child.is_significant = true;
  return child;
}

actors::child_spec temporary_children(const std::string& name,
                                      role_handles& handles,
                                      actors::supervisor_actor roles::*role,
                                      const actors::wall_clock& clock) {
  return irreplaceable(
      {name,
       [name, &handles, role, clock](caf::actor_system& system) {
         actors::supervisor_config config;
         config.name = name;
         config.strategy = actors::restart_strategy::dynamic;
         config.clock = clock;
         return handles.set(
             role, actors::spawn_supervisor(system, std::move(config)));
       },
       actors::restart_type::permanent, actors::no_stop_limit,
       actors::child_kind::supervisor});
}

actors::child_spec temporary_child(const std::string& id,
                                   actors::child_start start,
                                   std::chrono::milliseconds shutdown,
                                   const std::string& remark) {
  actors::child_spec child;
  child.id = id;
  child.start = std::move(start);
  child.restart = actors::restart_type::temporary;
  child.shutdown = shutdown;
  if (!remark.empty())
    child.remark = [remark] {
      return remark;
    };
  return child;
}

protocol::result<void> show_tool(caf::actor_system& system,
                                 const role_handles& handles,
                                 const actors::tool& it) {
  const auto handle = caf::actor_cast<caf::actor>(it.handle);
  const auto shown = ask_for<actors::child_started>(
      system, handles.get(&roles::tools), "the tools' supervisor is gone",
      actors::start_child{temporary_child(
          it.spec.name, [handle](caf::actor_system&) { return handle; },
          tool_stop_limit)});
  if (!shown)
    return shown.error();
  return {};
}

protocol::tree_node tree_below(caf::actor_system& system,
                               const actors::supervisor_actor& it,
                               protocol::tree_node node) {
  const auto told = ask_for<actors::supervisor_described>(
      system, it, "the supervisor is gone", actors::describe_supervisor{});
  if (!told) {
    node.state = protocol::tree_state::silent;
    return node;
  }
  if (node.name.empty())
    node.name = told->name;
  node.rules =
      protocol::tree_rules{std::string(protocol::enum_name(told->how.strategy)),
                           told->how.intensity, told->how.period, told->recent};
  for (const auto& child : told->children) {
    auto below = node_of(child);
    if (child.kind == actors::child_kind::supervisor && child.handle)
      below = tree_below(
          system, caf::actor_cast<actors::supervisor_actor>(child.handle),
          std::move(below));
    node.children.push_back(std::move(below));
  }
  return node;
}

} // namespace troupe
