#include "troupe/actors/registry.hpp"

#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/registry_rules.hpp"

#include <caf/all.hpp>

#include <map>
#include <unordered_map>

namespace troupe::actors {

namespace {

using namespace protocol;

class registry : public actor_base<registry_actor> {
public:
  registry(caf::actor_config& cfg, const registry_config& config)
      : actor_base(cfg, config.clock), clock_(config.clock), ids_(config.seed),
        rules_(config.agents_max) {
    set_down_handler(
        [this](const caf::down_msg& down) { forget(down.source); });
  }

  const char* name() const override { return "registry"; }

  behavior_type make_behavior() override {
    return {
        [this](const protocol::request<register_agent>& msg,
               const agent_actor& who) { return add(msg, who); },
        [this](const protocol::request<discover_agents>& msg) {
          return discover(msg);
        },
        [this](const locate_agents& msg) { return locate(msg); },
    };
  }

  void on_exit() override {
    handles_.clear();
    names_.clear();
  }

private:
  protocol::id next_id() { return ids_.next(clock_.at(clock().now())); }

  caf::result<protocol::response<agent_registered>>
  add(const protocol::request<register_agent>& msg, const agent_actor& who) {
    auto incarnation = rules_.add(msg.body.card);
    if (!incarnation)
      return to_caf(incarnation.error());
    const auto& agent_name = msg.body.card.name;
    handles_.insert_or_assign(agent_name, who);
    if (names_.count(who.address()) == 0)
      monitor(who);
    names_[who.address()].insert_or_assign(agent_name, *incarnation);
    return protocol::response<agent_registered>{answer_to(msg.head, next_id()),
                                                {*incarnation}};
  }

  caf::result<protocol::response<agents_found>>
  discover(const protocol::request<discover_agents>& msg) {
    auto matches = rules_.find(msg.body);
    if (!matches)
      return to_caf(matches.error());
    protocol::response<agents_found> answer{answer_to(msg.head, next_id()), {}};
    for (const auto& it : *matches) {
      answer.body.agents.push_back(*it.card);
      if (!msg.body.text.empty())
        answer.body.scores.push_back(it.permille);
    }
    return answer;
  }

  caf::result<agents_located> locate(const locate_agents& msg) {
    agents_located answer;
    for (auto query : msg.queries) {
      query.count_max = 1;
      auto matches = rules_.find(query);
      if (!matches)
        return to_caf(matches.error());
      const auto& best = *matches->front().card;
      answer.cards.push_back(best);
      answer.handles.push_back(handles_.at(best.name));
    }
    return answer;
  }

  void forget(const caf::actor_addr& who) {
    const auto found = names_.find(who);
    if (found == names_.end())
      return;
    for (const auto& [name, incarnation] : found->second) {
      const auto handle = handles_.find(name);
      if (handle != handles_.end() && handle->second.address() == who)
        handles_.erase(handle);
      rules_.remove(name, incarnation);
    }
    names_.erase(found);
  }

  wall_clock clock_;
  id_source ids_;
  registry_rules rules_;
  std::unordered_map<std::string, agent_actor> handles_;
  /// Of each agent: the incarnation of each of its names.
  std::unordered_map<caf::actor_addr, std::map<std::string, std::uint64_t>>
      names_;
};

} // namespace

registry_actor spawn_registry(caf::actor_system& system,
                              registry_config config) {
  return system.spawn<registry>(config);
}

} // namespace troupe::actors
