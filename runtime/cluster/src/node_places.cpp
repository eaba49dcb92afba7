// The part of a node that knows where agents are, and does what people ask.
#include "node_impl.hpp"
#include "node_words.hpp"

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;

void cluster_node::place_all() {
  const auto shared = table_.agents();
  std::map<std::string, const protocol::agent_card*> own;
  for (const auto& card : own_agents_)
    own.emplace(card.name, &card);
  for (const auto& [agent, it] : shared)
    place_one(it, own.count(agent) != 0);
  std::erase_if(stand_ins_, [&](const auto& it) {
    if (shared.count(it.first) != 0)
      return false;
    config_.stand_ins->remove(it.first);
    registered_.erase(it.first);
    if (own.count(it.first) != 0) { // it has come here; runs may still ask it
      send(it.second, set_places{true, {}});
      return false;
    }
    send(it.second, end_stand_in{});
    return true;
  });
}

void cluster_node::place_one(const member_table::shared_agent& it,
                             bool is_here) {
  const auto& agent = it.card.name;
  auto& who = stand_ins_[agent];
  if (!who) {
    who = spawn_stand_in(home_system(),
                         {agent, parts().mine.name, config_.how,
                          ids_.next(now()).low, 100'000, config_.parts});
    monitor(who);
  }
  auto others = std::make_shared<std::vector<place>>();
  for (const auto& node : it.nodes)
    if (const auto to = links_.find(node); to != links_.end())
      others->push_back({node, to->second.link, to->second.status});
  send(who, set_places{is_here, std::move(others)});
  const auto handle = caf::actor_cast<actors::agent_actor>(who);
  config_.stand_ins->set(it.card, handle);
  if (is_here) {
    registered_.erase(agent);
  } else if (registered_.insert(agent).second) {
    protocol::header head;
    head.message = ids_.next(now());
    head.from = "cluster";
    caf::anon_send(
        parts().registry(),
        protocol::request<protocol::register_agent>{head, {it.card, 0}},
        handle);
  }
}

nodes_listed cluster_node::listed() {
  nodes_listed all;
  node_view self;
  self.leads = config_.shared && config_.shared->leads() != 0;
  self.name = parts().mine.name;
  self.address = parts().mine.address;
  self.state = "self";
  self.release = parts().mine.release;
  self.schema = parts().mine.schema;
  self.link_min = parts().mine.version_min;
  self.link_max = parts().mine.version_max;
  self.is_draining = *config_.is_draining;
  self.capacity = parts().load->capacity;
  self.busy = parts().load->local + parts().load->remote;
  self.agents = static_cast<std::uint32_t>(own_agents_.size());
  all.nodes.push_back(std::move(self));
  for (const auto& [name, it] : table_.all()) {
    const auto& status = *links_.at(name).status;
    node_view view;
    view.name = name;
    view.leads = it.leads != 0;
    view.address = it.who.address;
    view.state = name_of(it.state);
    view.release = it.facts.release;
    view.schema = it.facts.schema;
    view.link_min = it.facts.link_min;
    view.link_max = it.facts.link_max;
    view.is_draining = status.is_draining;
    view.capacity = status.capacity;
    view.asked = status.open;
    view.busy = status.busy_with_others + view.asked;
    view.agents = static_cast<std::uint32_t>(it.facts.agents.size());
    view.round_trip_us = status.round_trip_us;
    view.connections = status.connections;
    view.given_up = status.given_up;
    view.repeated = status.repeated;
    all.nodes.push_back(std::move(view));
  }
  return all;
}

agents_listed cluster_node::list_places() {
  agents_listed all;
  for (const auto& node : listed().nodes) {
    const auto* other = table_.find(node.name);
    const bool is_there = node.state == "up" || node.state == "suspect";
    if (other != nullptr ? !is_there : node.state != "self")
      continue;
    for (const auto& it : other != nullptr ? other->facts.agents : own_agents_)
      all.places.push_back(
          {it.name, node.name, it.level, node.busy, node.capacity});
  }
  std::stable_sort(
      all.places.begin(), all.places.end(),
      [](const auto& x, const auto& y) { return x.name < y.name; });
  return all;
}

caf::result<node_done> cluster_node::remove(const std::string& who) {
  if (who == parts().mine.name)
    return actors::to_caf(fail(errc::invalid_request,
                               "a node does not remove itself: ask another, "
                               "or stop it"));
  if (!table_.remove(who))
    return actors::to_caf(
        fail(errc::invalid_request, "no node is called '" + who + "'"));
  end_link_to(who);
  is_news_ = true;
  tell_facts();
  return node_done{};
}

void cluster_node::end_link_to(const std::string& who) {
  const auto found = links_.find(who);
  if (found == links_.end())
    return;
  send(found->second.link, end_link{"it was removed", true});
  links_.erase(found);
  is_news_ = true;
  place_all();
}

caf::result<node_done> cluster_node::drain(const drain_node& it) {
  if (it.name == parts().mine.name) {
    set_draining(it.is_on);
    return node_done{};
  }
  const auto* who = table_.find(it.name);
  if (who == nullptr)
    return actors::to_caf(
        fail(errc::invalid_request, "no node is called '" + it.name + "'"));
  if (who->state != peer_state::up)
    return actors::to_caf(
        fail(errc::unreachable,
             "node '" + it.name + "' is " + std::string{name_of(who->state)}));
  send(links_.at(it.name).link, say_once{std::make_shared<const std::string>(
                                    words_of(drain_wish{it.is_on}))});
  return node_done{};
}

void cluster_node::set_draining(bool is_on) {
  *config_.is_draining = is_on;
  is_news_ = true;
  tell_facts();
}

} // namespace troupe::cluster
