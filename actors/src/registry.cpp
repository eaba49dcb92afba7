#include "troupe/actors/registry.hpp"

#include "broadcast_queue.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/registry_rules.hpp"

#include <caf/all.hpp>

#include <map>
#include <unordered_map>

namespace troupe::actors {

namespace {

using namespace protocol;

using registry_impl =
    registry_actor::extend<caf::reacts_to<coordination<undelivered>>,
                           caf::reacts_to<broadcast_tick>>;

class registry : public actor_base<registry_impl> {
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
        [this](const protocol::request<broadcast>& msg) {
          return tell_all(msg);
        },
        [this](const coordination<undelivered>& msg) {
          broadcasts_.refuse(msg.head.correlation);
        },
        [this](const broadcast_tick&) { broadcasts_.go_on(this, next_id()); },
    };
  }

  void on_exit() override {
    broadcasts_.clear();
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

  caf::result<protocol::response<broadcast_sent>>
  tell_all(const protocol::request<broadcast>& msg) {
    if (auto good = broadcasts_.check(msg.body); !good)
      return to_caf(good.error());
    std::vector<caf::strong_actor_ptr> receivers;
    for (const auto& it : rules_.names_of(msg.body.skill, msg.body.tag))
      receivers.push_back(
          caf::actor_cast<caf::strong_actor_ptr>(handles_.at(it)));
    auto promise = make_response_promise<protocol::response<broadcast_sent>>();
    broadcasts_.add(this, msg, next_id(), std::move(receivers), promise);
    return promise;
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
  broadcast_queue broadcasts_;
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
