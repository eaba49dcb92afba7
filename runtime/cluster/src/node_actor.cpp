#include "node_actor.hpp"

#include "agent_desk.hpp"
#include "node_impl.hpp"
#include "node_words.hpp"

#include <troupe/actors/log.hpp>
#include <troupe/protocol/mission_check.hpp>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::chrono::milliseconds tick_pace{250};
constexpr std::chrono::seconds seed_pace{1};
constexpr std::chrono::seconds registered_for{10};

/// Asks a seed for its name; its link then connects by itself.
class seed_mail final : public connection_owner {
public:
  seed_mail(node_actor to, std::string address, hello mine)
      : to_(std::move(to)), address_(std::move(address)),
        mine_(std::move(mine)) {}

  void on_hello(const std::shared_ptr<connection>& it, hello theirs,
                std::optional<peer_name> certified) override {
    const auto good =
        check_hello(mine_, theirs, certified ? &*certified : nullptr);
    it->close(good ? "its name is known now" : good.error().detail);
    if (good)
      caf::anon_send(to_, seed_found{address_, std::make_shared<const hello>(
                                                   std::move(theirs))});
    else
      actors::log(actors::log_level::warn, "cluster", "seed.refused",
                  "address=" + address_ + " why=" + good.error().detail);
  }
  void on_frames(const connection&, inbound_batch) override {}
  void on_closed(const connection&, const protocol::error& why, bool) override {
    actors::log(actors::log_level::debug, "cluster", "seed.closed",
                "address=" + address_ + " why=" + why.detail);
  }

private:
  node_actor to_;
  std::string address_;
  hello mine_;
};

} // namespace

cluster_node::behavior_type cluster_node::make_behavior() {
  send(this, node_tick{});
  set_down_handler([this](const caf::down_msg& it) { part_died(it); });
  return {
      [this](const peer_says& it) { hear(it); },
      [this](const peer_changed& it) {
        table_.set_state(it.name, it.state);
        place_all();
        lead_or_follow();
      },
      [this](const hello_arrived& it) { arrive(it); },
      [this](const seed_found& it) { found(it); },
      [this](const node_tick&) { tick(); },
      [this](const leading_changed&) { change_leading(); },
      [this](const list_nodes&) { return listed(); },
      [this](const list_agents&) { return list_places(); },
      [this](const join_node& it) { return join(it); },
      [this](const remove_node& it) { return remove(it.name); },
      [this](const drain_node& it) { return drain(it); },
      [this](const find_link& it) { return link_to(it); },
      [this](const end_node&) { end_links("the node ends", true); },
  };
}

void cluster_node::found(const seed_found& it) {
  const auto& theirs = *it.theirs;
  (void)meet({theirs.name, theirs.address.empty() ? it.address : theirs.address,
              theirs.incarnation},
             true);
}

caf::result<node_done> cluster_node::join(const join_node& it) {
  if (auto good = connection::parse_address(it.address); !good)
    return actors::to_caf(good.error());
  ask_seed(it.address);
  return node_done{};
}

link_found cluster_node::link_to(const find_link& it) const {
  const auto at = links_.find(it.name);
  return at == links_.end() ? link_found{}
                            : link_found{at->second.link, at->second.status};
}

void cluster_node::on_exit() {
  end_links("the node ends", true);
  config_.stand_ins->clear();
  for (const auto& [agent, it] : stand_ins_)
    send(it, end_stand_in{});
  stand_ins_.clear();
}

bool cluster_node::meet(const member_told& who, bool is_first_hand) {
  switch (table_.hear(who, is_first_hand)) {
  case member_table::verdict::known:
    break;
  case member_table::verdict::added:
    is_news_ = true;
    break;
  case member_table::verdict::moved:
    is_news_ = true;
    if (const auto it = links_.find(who.name); it != links_.end())
      send(it->second.link, node_moved{table_.find(who.name)->who.address});
    break;
  case member_table::verdict::removed:
  case member_table::verdict::full:
  case member_table::verdict::self:
    return false;
  }
  if (links_.count(who.name) == 0)
    link_with(table_.find(who.name)->who);
  return true;
}

void cluster_node::link_with(const member_told& who, std::uint64_t life) {
  linked it;
  it.life = life;
  it.status = std::make_shared<link_status>();
  it.link =
      spawn_link(home_system(),
                 {who.name, who.address, ids_.next(now()).low, life,
                  config_.parts, it.status, caf::actor_cast<link_owner>(this)});
  monitor(it.link);
  if (facts_)
    send(it.link, keep_saying{facts_});
  links_.insert_or_assign(who.name, std::move(it));
}

/// A fault in one part is no fault of the node: what was asked of it has ended.
void cluster_node::part_died(const caf::down_msg& down) {
  const auto is_it = [&](const auto& part) {
    return part.address() == down.source;
  };
  for (auto& [name, it] : links_)
    if (is_it(it.link)) {
      actors::log(actors::log_level::error, "cluster", "link.died",
                  "peer=" + name + " why=" + to_string(down.reason));
      it.has_died = has_dead_ = true;
      it.status->state = peer_state::down;
      table_.set_state(name, peer_state::down);
    }
  has_dead_ |=
      std::erase_if(stand_ins_,
                    [&](const auto& it) {
                      if (!is_it(it.second))
                        return false;
                      actors::log(actors::log_level::warn, "cluster",
                                  "stand_in.died", "agent=" + it.first);
                      registered_.erase(it.first);
                      return true;
                    })
      != 0;
}

void cluster_node::mend() {
  if (!std::exchange(has_dead_, false))
    return;
  std::vector<member_told> dead;
  for (const auto& [name, it] : links_)
    if (const auto* who = table_.find(name); it.has_died && who != nullptr)
      dead.push_back(who->who);
  for (const auto& who : dead)
    link_with(who, links_.at(who.name).life + 1);
  place_all();
}

void cluster_node::arrive(const hello_arrived& it) {
  const auto& theirs = *it.theirs;
  if (!meet({theirs.name, theirs.address, theirs.incarnation}, true))
    return it.on->close("this node does not speak with it: it was removed, or "
                        "there are too many");
  send(links_.at(theirs.name).link, it);
}

void cluster_node::hear(const peer_says& it) {
  auto words = read_words(*it.text);
  const auto found = links_.find(it.name);
  if (found == links_.end())
    return; // it was removed
  if (!words) {
    actors::log(actors::log_level::warn, "cluster", "words.unread",
                "peer=" + it.name);
    return;
  }
  if (const auto* load = std::get_if<load_told>(&*words)) {
    found->second.status->capacity = load->capacity;
    found->second.status->busy_with_others = load->busy_with_others;
    return;
  }
  if (const auto* wish = std::get_if<drain_wish>(&*words)) {
    set_draining(wish->is_on);
    return;
  }
  if (const auto* leads = std::get_if<leads_told>(&*words)) {
    table_.set_leads(it.name, leads->token);
    return lead_or_follow();
  }
  if (auto* asked = std::get_if<agent_question>(&*words))
    return config_.desk->hear(it.name, std::move(*asked));
  if (auto* told = std::get_if<agent_answer>(&*words))
    return config_.desk->hear(it.name, std::move(*told));
  auto& facts = std::get<node_facts>(*words);
  found->second.status->is_draining = facts.is_draining;
  for (const auto& who : facts.members)
    if (protocol::is_name(who.name) && who.address.size() <= 300)
      (void)meet(who, false);
  for (const auto& who : facts.removed)
    if (table_.hear_removed(who))
      end_link_to(who.name);
  if (table_.take_facts(it.name, std::move(facts)))
    place_all();
  tell_facts();
}

void cluster_node::tick() {
  delayed_send(this, tick_pace, node_tick{});
  mend();
  auto own = config_.own_agents();
  if (own != own_agents_) {
    own_agents_ = std::move(own);
    is_news_ = true;
    place_all();
  }
  const auto registry = parts().registry();
  if (registry != registry_ || clock().now() >= registered_until_) {
    registry_ = registry; // a new one, or one that has forgotten somebody
    registered_until_ = clock().now() + registered_for;
    registered_.clear();
    place_all();
  }
  tell_facts();
  lead_or_follow();
  if (until_leads_said_ == 0 || --until_leads_said_ == 0)
    say_leads();
  if (clock().now() < seeds_due_)
    return;
  seeds_due_ = clock().now() + seed_pace;
  for (const auto& seed : config_.seeds)
    if (seed != parts().mine.address && !table_.knows_address(seed))
      ask_seed(seed);
}

void cluster_node::ask_seed(const std::string& address) {
  parts().dial(address, parts().mine,
               std::make_shared<seed_mail>(this, address, parts().mine));
}

void cluster_node::tell_facts() {
  if (!std::exchange(is_news_, false) && facts_)
    return;
  node_facts facts;
  facts.release = parts().mine.release;
  facts.schema = parts().mine.schema;
  facts.link_min = parts().mine.version_min;
  facts.link_max = parts().mine.version_max;
  facts.capacity = parts().load->capacity;
  facts.is_draining = *config_.is_draining;
  facts.agents = own_agents_;
  facts.members = table_.told();
  facts.removed = table_.told_removed();
  facts_ = std::make_shared<const std::string>(words_of(facts));
  for (const auto& [name, it] : links_)
    send(it.link, keep_saying{facts_});
}

void cluster_node::end_links(const std::string& why, bool is_leaving) {
  for (const auto& [name, it] : std::exchange(links_, {}))
    send(it.link, end_link{why, is_leaving});
}

node_actor spawn_node(caf::actor_system& system, node_actor_config config) {
  return caf::actor_cast<node_actor>(
      system.spawn<cluster_node>(std::move(config)));
}

} // namespace troupe::cluster
