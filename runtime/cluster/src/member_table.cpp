#include "member_table.hpp"

#include <algorithm>

namespace troupe::cluster {

member_table::verdict member_table::hear(const member_told& who,
                                         bool is_first_hand) {
  if (who.name == self_)
    return verdict::self;
  if (const auto gone = removed_.find(who.name); gone != removed_.end()) {
    if (who.incarnation <= gone->second)
      return verdict::removed;
    removed_.erase(gone);
  }
  const auto found = members_.find(who.name);
  if (found == members_.end()) {
    if (members_.size() >= members_max_)
      return verdict::full;
    members_.emplace(who.name, member{who, {}, peer_state::joining});
    return verdict::added;
  }
  auto& known = found->second.who;
  const bool is_newer = who.incarnation > known.incarnation;
  if (!is_newer && !(is_first_hand && who.incarnation == known.incarnation))
    return verdict::known;
  const bool has_moved = !who.address.empty() && known.address != who.address;
  const auto address = who.address.empty() ? known.address : who.address;
  known = {who.name, address, who.incarnation};
  return is_newer || has_moved ? verdict::moved : verdict::known;
}

bool member_table::take_facts(const std::string& name, node_facts facts) {
  const auto found = members_.find(name);
  if (found == members_.end())
    return false;
  auto& known = found->second.facts;
  const bool is_changed =
      known.agents != facts.agents || known.is_draining != facts.is_draining;
  known = std::move(facts);
  return is_changed;
}

bool member_table::remove(const std::string& name) {
  const auto found = members_.find(name);
  if (found == members_.end())
    return false;
  return hear_removed(found->second.who);
}

bool member_table::hear_removed(const member_told& who) {
  if (who.name == self_)
    return false;
  const auto found = members_.find(who.name);
  if (found != members_.end()
      && found->second.who.incarnation > who.incarnation)
    return false; // it has come back since
  if (removed_.size() >= members_max_ && removed_.count(who.name) == 0)
    removed_.erase(removed_.begin());
  auto& life = removed_[who.name];
  life = std::max(life, who.incarnation);
  return members_.erase(who.name) != 0;
}

void member_table::set_state(const std::string& name, peer_state state) {
  if (const auto found = members_.find(name); found != members_.end())
    found->second.state = state;
}

void member_table::set_leads(const std::string& name, std::uint64_t token) {
  if (const auto found = members_.find(name); found != members_.end())
    found->second.leads = token;
}

const member_table::member* member_table::leader() const {
  const member* newest = nullptr;
  for (const auto& [name, it] : members_)
    if (it.leads != 0
        && (it.state == peer_state::up || it.state == peer_state::suspect)
        && (newest == nullptr || it.leads > newest->leads))
      newest = &it;
  return newest;
}

const member_table::member* member_table::find(const std::string& name) const {
  const auto found = members_.find(name);
  return found == members_.end() ? nullptr : &found->second;
}

std::map<std::string, member_table::shared_agent> member_table::agents() const {
  std::map<std::string, shared_agent> all;
  for (const auto& [name, it] : members_) {
    if (it.state != peer_state::up && it.state != peer_state::suspect)
      continue;
    for (const auto& card : it.facts.agents) {
      auto& agent = all[card.name];
      if (agent.nodes.empty())
        agent.card = card;
      if (agent.nodes.empty() || agent.nodes.back() != name)
        agent.nodes.push_back(name);
    }
  }
  return all;
}

bool member_table::knows_address(const std::string& address) const {
  return std::any_of(members_.begin(), members_.end(), [&](const auto& it) {
    return it.second.who.address == address;
  });
}

std::vector<member_told> member_table::told() const {
  std::vector<member_told> all;
  for (const auto& [name, it] : members_)
    all.push_back(it.who);
  return all;
}

std::vector<member_told> member_table::told_removed() const {
  std::vector<member_told> all;
  for (const auto& [name, life] : removed_)
    all.push_back({name, {}, life});
  return all;
}

} // namespace troupe::cluster
